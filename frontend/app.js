// Everything works without this file; it only makes some things quicker.
import { initAll } from "./nhsuk-frontend.min.js";

initAll();

// The account menu closes like a menu: by Escape, and by a click elsewhere.
for (const menu of document.querySelectorAll(".app-who")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// "Up to three" chips: say so at once, by not taking a fourth.
for (const group of document.querySelectorAll("[data-most]")) {
  const boxes = [...group.querySelectorAll("input[type=checkbox]")];
  const limit = () => {
    const full = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
    for (const box of boxes) box.disabled = full && !box.checked;
  };
  group.addEventListener("change", limit);
  limit();
}

// Printing is a button only where it works.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Left fast: nothing is to be read while the next page is on its way.
for (const form of document.querySelectorAll("[data-leave]")) {
  form.addEventListener("submit", () => {
    document.title = "";
    document.body.classList.add("app-left");
  });
}
