// Shows how far measuring is, and what has changed when it is done: the page loads again, or a sentence says so.
"use strict";
{
  const waits = document.getElementById("waits");
  const told = document.getElementById("told");
  const sections = waits?.querySelectorAll("section").length;
  const [SOON_MS, LATER_MS, GONE] = [1000, 4000, [401, 404]];
  let steps = "";

  const show = (one) => {
    const said = document.getElementById(`said-${one.id}`);
    if (said) {
      said.textContent = one.said;
      document.getElementById(`share-${one.id}`).value = one.share;
    }
  };

  const tell = (measurings) => {
    const now = measurings.map((one) => `${one.id} ${one.step}`).join();
    if (sections && steps && now !== steps) {
      told.textContent = measurings.map((one) => `${one.name}: ${one.said}`).join(" ");
    }
    steps = now;
  };

  const finish = () => {
    if (waits.dataset.done) {
      told.textContent = waits.dataset.done;
    } else {
      location.reload();
    }
  };

  const look = async () => {
    const status = await asked();
    if (status === null) {
      setTimeout(look, LATER_MS);
    } else if (!status.is_working || (sections && status.measurings.length !== sections)) {
      finish();
    } else {
      status.measurings.forEach(show);
      tell(status.measurings);
      setTimeout(look, SOON_MS);
    }
  };

  // Returns how far it is, or null where the program is busy or stopped: the page then stays as it is.
  const asked = async () => {
    try {
      const answer = await fetch(waits.dataset.status, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        return await answer.json();
      }
      return GONE.includes(answer.status) ? { is_working: false } : null;
    } catch {
      return null;
    }
  };

  if (waits) {
    setTimeout(look, SOON_MS);
  }
}
