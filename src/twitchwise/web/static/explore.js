/* Follows the sliders of the explore page: fetches what the model says, draws it, tells it, and plays it. */
"use strict";

(() => {
  const WAIT_MS = 60;
  const CHART_HEIGHT = 220;
  const HEALTHY = "#a34700";
  const CHANGED = "#003087";
  const form = document.getElementById("dials");
  const said = document.getElementById("said");
  const refused = document.getElementById("refused");
  const words = document.getElementById("words").dataset;
  const plots = new Map();
  let waiting = 0;
  let asking = null;

  /* another story has other sliders, which come with the next page */
  const story = form.querySelector("input[name=story]:checked")?.value ?? "evidence";

  const address = () => {
    const asked = new URLSearchParams(new FormData(form));
    asked.set("story", story);
    return asked.toString();
  };

  /* charts */
  const options = (chart, width, lines) => ({
    width,
    height: CHART_HEIGHT,
    cursor: { drag: { x: false, y: false } },
    legend: { show: false },
    pxAlign: 0,
    scales: { x: { time: false }, y: { range: heights(chart) } },
    axes: [
      { label: chart.x_label, labelSize: 20, size: 36, font: "14px sans-serif", labelFont: "14px sans-serif" },
      { size: 56, font: "14px sans-serif" },
    ],
    series: [
      {},
      ...lines,
    ],
  });

  const line = (who) =>
    who === "changed"
      ? { label: words.changedLine, stroke: CHANGED, width: 2.4, pxAlign: 0, points: { show: false } }
      : { label: words.healthyLine, stroke: HEALTHY, width: 1.8, dash: [6, 4], pxAlign: 0, points: { show: false } };

  /* the same height for both where they are drawn apart */
  const heights = (chart) => {
    const all = [...chart.changed, ...chart.healthy];
    const low = Math.min(...all);
    const high = Math.max(...all);
    const room = 0.05 * (high - low) || 1;
    return [low - room, high + room];
  };

  const draw = (chart) => {
    const figure = document.getElementById(`chart-${chart.name}`);
    if (!figure) {
      return;
    }
    figure.querySelector("figcaption").textContent = `${chart.title} (${chart.y_label})`;
    const drawn = figure.querySelector(".drawn");
    plots.get(chart.name)?.forEach((plot) => plot.destroy());
    drawn.replaceChildren();
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", chart.alt);
    const groups = chart.apart ? [["changed"], ["healthy"]] : [["changed", "healthy"]];
    plots.set(
      chart.name,
      groups.map((group) => {
        const values = group.map((who) => chart[who]);
        return new uPlot(options(chart, drawn.clientWidth, group.map(line)), [chart.x, ...values], drawn);
      }),
    );
  };

  /* numbers */
  const cell = (kind, text, name) => {
    const made = document.createElement(kind);
    made.textContent = text;
    made.className = name;
    return made;
  };

  const row = (number) => {
    const made = document.createElement("tr");
    made.className = "nhsuk-table__row";
    made.dataset.number = number.name;
    const head = cell("th", number.label, "nhsuk-table__header");
    head.scope = "row";
    const way = number.way_said ? ` ${number.way_said}` : "";
    made.append(
      head,
      cell("td", number.changed + way, `nhsuk-table__cell is-${number.way}`),
      cell("td", number.healthy, "nhsuk-table__cell"),
    );
    return made;
  };

  const tell = (stage) => {
    const card = document.getElementById(`stage-${stage.name}`);
    card.querySelector(".state").textContent = stage.is_changed ? words.changed : words.same;
    const body = card.querySelector("tbody");
    const rows = stage.numbers.map(row);
    if (!rows.length) {
      const nothing = document.createElement("tr");
      nothing.append(cell("td", words.nothing, "nhsuk-table__cell"));
      nothing.firstChild.colSpan = 3;
      rows.push(nothing);
    }
    body.replaceChildren(...rows);
    stage.charts.forEach(draw);
  };

  const show = (found) => {
    refused.hidden = true;
    if (said.textContent !== found.said) {
      said.textContent = found.said;
    }
    found.stages.forEach(tell);
    history.replaceState(null, "", `/explore?${address()}`);
    for (const link of document.querySelectorAll(".files a")) {
      link.href = soundOf(link.dataset.who);
    }
    said.dataset.shown = String(Number(said.dataset.shown || 0) + 1);
  };

  const refuse = (sentence) => {
    refused.textContent = sentence;
    refused.hidden = false;
  };

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`/explore/traces?${address()}`, { signal: asking.signal });
      const found = await answer.json();
      if (answer.ok) {
        show(found);
      } else {
        refuse(found.error);
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        refuse(words.noAnswer);
      }
    }
  };

  const askSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
    stop();
  };

  /* sliders and their number fields */
  for (const slider of document.querySelectorAll("input.slide[data-for]")) {
    const field = document.getElementById(slider.dataset.for);
    slider.hidden = false;
    slider.addEventListener("input", () => {
      field.value = slider.value;
      askSoon();
    });
    field.addEventListener("input", () => {
      if (field.value !== "" && field.checkValidity()) {
        slider.value = field.value;
        askSoon();
      } else {
        refuse(field.validationMessage || words.noNumber);
      }
    });
  }
  for (const radio of form.querySelectorAll("input[name=activity]")) {
    radio.addEventListener("change", askSoon);
  }
  for (const radio of form.querySelectorAll("input[name=story]")) {
    radio.addEventListener("change", () => refuse(words.press));
  }
  const toHealth = document.getElementById("back-to-health");
  toHealth.hidden = false;
  toHealth.addEventListener("click", () => {
    for (const field of form.querySelectorAll("input[data-healthy]")) {
      field.value = field.dataset.healthy;
      document.getElementById(`${field.id}-slider`).value = field.dataset.healthy;
    }
    askSoon();
  });

  /* sound */
  const soundOf = (who) => `/explore/sound.wav?${address()}&who=${who}`;
  const players = document.getElementById("players");
  const playing = document.getElementById("playing");
  const volume = document.getElementById("volume");
  let context = null;
  let gain = null;
  let source = null;
  let turn = 0;

  const loudness = () => (Number(volume.value) / 100) ** 2;

  const stop = () => {
    turn += 1;
    source?.stop();
    source = null;
    playing.textContent = "";
    for (const button of players.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", "false");
      button.textContent = button.dataset.play;
    }
  };

  const play = async (button) => {
    stop();
    const mine = turn;
    button.setAttribute("aria-pressed", "true");
    button.textContent = button.dataset.stop;
    playing.textContent = button.dataset.playing;
    try {
      context ??= new AudioContext();
      const answer = await fetch(soundOf(button.dataset.who));
      if (!answer.ok) {
        throw new Error("no sound");
      }
      const samples = await context.decodeAudioData(await answer.arrayBuffer());
      if (mine !== turn) {
        return;
      }
      await context.resume();
      gain = context.createGain();
      gain.gain.value = loudness();
      source = context.createBufferSource();
      source.buffer = samples;
      source.connect(gain).connect(context.destination);
      source.addEventListener("ended", () => mine === turn && stop());
      source.start();
    } catch {
      if (mine === turn) {
        stop();
        playing.textContent = words.noSound;
      }
    }
  };

  players.hidden = false;
  for (const button of players.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") {
        stop();
      } else {
        play(button);
      }
    });
  }
  volume.addEventListener("input", () => {
    if (gain) {
      gain.gain.value = loudness();
    }
  });

  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      askSoon();
    }
  });
  ask();
})();
