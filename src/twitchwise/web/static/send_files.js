// Sends the files of a form with its progress shown, and takes files that are dropped on the page.
"use strict";
{
  const form = document.getElementById("send");
  const files = document.getElementById("files");
  const sending = document.getElementById("sending");
  const refused = document.getElementById("refused");
  const bar = document.getElementById("sent");
  const said = document.getElementById("sent-said");
  const told = document.getElementById("sent-told");
  let request = null;

  const tell = (share) => {
    const percent = Math.round(100 * share);
    const sentence = share < 1 ? sending.dataset.part.replace("{share}", percent) : sending.dataset.whole;
    bar.value = percent;
    said.textContent = sentence;
    if (percent % 25 === 0) {
      told.textContent = sentence; // who listens hears each quarter once, not every step
    }
  };

  const refuse = (sentence, field) => {
    end();
    document.querySelector(".nhsuk-error-summary")?.remove();
    const box = refused.content.firstElementChild.cloneNode(true);
    const link = box.querySelector("a");
    const place = document.getElementById(field) ?? files;
    link.href = `#${place.id}`;
    link.textContent = sentence;
    place.closest("details")?.setAttribute("open", "");
    document.getElementById("main").prepend(box);
    if (!document.title.startsWith(refused.dataset.title)) {
      document.title = `${refused.dataset.title}${document.title}`;
    }
    box.focus();
  };

  const end = () => {
    request = null;
    sending.hidden = true;
  };

  const answered = () => {
    if (request.status === 200 && request.response?.url) {
      location.assign(request.response.url);
      return;
    }
    const other = request.status === 413 ? refused.dataset.tooBig : refused.dataset.failed;
    refuse(request.response?.error ?? other, request.response?.field ?? "files");
  };

  const send = () => {
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (sent) => sent.lengthComputable && tell(sent.loaded / sent.total));
    request.addEventListener("load", answered);
    request.addEventListener("error", () => refuse(refused.dataset.gone, "files"));
    sending.hidden = false;
    tell(0);
    request.send(new FormData(form));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (request === null) {
      send();
    }
  });

  document.getElementById("sent-stop").addEventListener("click", () => {
    request?.abort();
    end();
    files.focus();
  });

  addEventListener("pageshow", (event) => event.persisted && end());
  addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? form.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("dropping");
    if (!event.dataTransfer.files.length || request !== null) {
      return;
    }
    files.files = event.dataTransfer.files;
    if (form.dataset.drop === "send") {
      form.requestSubmit();
    } else {
      files.focus();
    }
  });
}
