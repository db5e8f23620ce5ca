// Choosing what matters shows the services that fit, without a button.
const form = document.querySelector("[data-services]");
const target = document.getElementById("who-helps");

if (form && target) {
  let latest = 0;
  form.addEventListener("change", async (event) => {
    if (event.target.name !== "needs") return;
    const turn = ++latest;
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.services, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "text/html" },
      });
      const html = await answer.text();
      if (turn === latest && answer.ok) target.innerHTML = html;
    } finally {
      if (turn === latest) target.removeAttribute("aria-busy");
    }
  });
}
