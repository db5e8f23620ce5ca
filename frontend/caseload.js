// A long list by keys, once the focus is in it: j next, k back, x tick, Enter opens.
const lines = [...document.querySelectorAll("[data-line]")];

for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;

const busy = (target) => target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || busy(event.target)) return;
  const here = lines.findIndex((line) => line.contains(document.activeElement));
  if (here < 0) return;
  if (event.key === "j" || event.key === "k") {
    const next = lines[here + (event.key === "j" ? 1 : -1)];
    next?.querySelector("[data-go]").focus();
    next?.scrollIntoView({ block: "nearest" });
  } else if (event.key === "x") {
    const box = lines[here].querySelector("[data-tick]");
    if (box) box.checked = !box.checked;
  } else {
    return;
  }
  event.preventDefault();
});
