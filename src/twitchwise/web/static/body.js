/* Lets a person point at the body: a press on a part ticks its box, and ticked parts are marked. */
"use strict";

const boxes = new Map(
  [...document.querySelectorAll("input[name=spot]")].map((box) => [box.value, box]),
);

function mark() {
  for (const area of document.querySelectorAll(".body .area")) {
    area.classList.toggle("chosen", boxes.get(area.dataset.spot).checked);
  }
}

for (const area of document.querySelectorAll(".body .area")) {
  area.addEventListener("click", () => {
    const box = boxes.get(area.dataset.spot);
    box.checked = !box.checked;
    mark();
  });
}
for (const box of boxes.values()) {
  box.addEventListener("change", mark);
}
mark();
document.querySelector(".body").classList.add("ready");
