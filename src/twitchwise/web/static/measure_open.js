// Sends a recording with its progress shown, and takes files that are dropped on the page.
"use strict";
{
  const form = document.getElementById("open");
  const files = document.getElementById("files");
  const sending = document.getElementById("sending");
  const bar = document.getElementById("sent");
  const said = document.getElementById("sent-said");

  const tell = (share) => {
    bar.value = Math.round(100 * share);
    said.textContent = share < 1 ? `${Math.round(100 * share)}% read` : "Opening it";
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (sent) => sent.lengthComputable && tell(sent.loaded / sent.total));
    request.addEventListener("load", () => {
      if (request.status === 200 && request.response) {
        location.assign(request.response.url);
      } else {
        refuse(request.response?.error ?? (request.status === 413
          ? "The file is too big. A recording may have up to 512 MB. A bigger one can be opened by its path."
          : "This recording could not be opened."), request.response?.field ?? "files");
      }
    });
    request.addEventListener("error", () => refuse("The program did not answer. Is it still running?", "files"));
    document.getElementById("refusal")?.remove();
    sending.hidden = false;
    tell(0);
    request.send(new FormData(form));
  });

  const refuse = (sentence, field) => {
    sending.hidden = true;
    document.querySelector(".nhsuk-error-summary")?.remove();
    const box = document.createElement("div");
    box.id = "refusal";
    box.className = "nhsuk-error-summary";
    box.tabIndex = -1;
    box.setAttribute("role", "alert");
    const heading = document.createElement("h2");
    heading.className = "nhsuk-error-summary__heading";
    heading.textContent = "There is a problem";
    const link = document.createElement("a");
    link.href = `#${document.getElementById(field) ? field : "files"}`;
    link.textContent = sentence;
    const list = document.createElement("div");
    list.className = "nhsuk-error-summary__body";
    list.append(link);
    box.append(heading, list);
    document.getElementById("main").prepend(box);
    if (!document.title.startsWith("Error: ")) {
      document.title = `Error: ${document.title}`;
    }
    box.focus();
  };

  addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? form.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("dropping");
    if (event.dataTransfer.files.length) {
      files.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}
