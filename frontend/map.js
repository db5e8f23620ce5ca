// The map beside a list. It illustrates: everything on it is in the list, so it takes no focus.
// Without tiles it is drawn by ourselves: rings of distance around the place that was searched.
const AMBER = "#f2b705";
const BRAND = "#0b4f5c";
const RINGS = [0.5, 1, 2, 5, 8, 15, 30, 60, 100];

const section = document.querySelector("[data-map]");
const places = [...document.querySelectorAll("[data-at]")].flatMap((item) =>
  item.dataset.at.split(";").map((at) => ({ item, at: at.split(",").map(Number) })),
);
const here = section?.dataset.here?.split(",").map(Number);
// One dot on plain paper says nothing.
const worth = here || section?.dataset.tiles || places.length > 1;

if (section && places.length && worth) {
  const fold = section.querySelector("details");
  section.hidden = false;
  section.parentElement.classList.add("app-finds--mapped");
  fold.open = matchMedia("(min-width: 901px)").matches;
  let drawn = false;
  const show = async () => {
    if (!fold.open || drawn) return;
    drawn = true;
    await fetched();
    draw(window.L, section.querySelector(".app-map__sheet"));
  };
  fold.addEventListener("toggle", show);
  show();
}

// The library comes when a map is looked at, not before: most telephones never need it.
function fetched() {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = section.dataset.style;
  const script = document.createElement("script");
  script.src = section.dataset.script;
  return Promise.all(
    [style, script].map(
      (part) =>
        new Promise((loaded, failed) => {
          part.addEventListener("load", loaded);
          part.addEventListener("error", failed);
          document.head.append(part);
        }),
    ),
  );
}

function draw(L, sheet) {
  const map = L.map(sheet, {
    attributionControl: Boolean(section.dataset.tiles),
    doubleClickZoom: true,
    keyboard: false,
    scrollWheelZoom: false,
    zoomControl: false,
    zoomSnap: 0.25,
  });
  if (section.dataset.tiles) {
    map.attributionControl.setPrefix(false);
    const credit = document.createElement("span");
    credit.textContent = section.dataset.credit;
    L.tileLayer(section.dataset.tiles, { attribution: credit.innerHTML, maxZoom: 18 }).addTo(map);
  }
  const points = places.map((place) => place.at);
  const near = here ? within(L, points) : points;
  map.fitBounds(L.latLngBounds(here ? [...near, here] : near).pad(0.12), { maxZoom: 15 });
  if (here) rings(L, map);
  L.control.scale({ imperial: false }).addTo(map);
  for (const [at, items] of together(places)) {
    const numbers = [...new Set(items.map(numberOf))].filter(Boolean).join(", ");
    const icon = L.divIcon({ className: "app-map__pin", html: `<span>${numbers}</span>`, iconSize: null });
    const pin = L.marker(at.split(",").map(Number), { icon, keyboard: false, interactive: false });
    pin.addTo(map);
  }
}

// Something far away may be in the list; it must not shrink what is near to a dot.
function within(L, points) {
  const away = points.map((at) => L.latLng(at).distanceTo(here)).sort((a, b) => a - b);
  const most = 3 * Math.max(away[Math.floor(away.length / 2)], 500);
  return points.filter((at) => L.latLng(at).distanceTo(here) <= most);
}

function rings(L, map) {
  const words = section.dataset.km;
  const seen = map.getBounds().getNorthWest().distanceTo(here) / 1000;
  for (const km of RINGS.filter((ring) => ring <= seen && ring >= seen / 10)) {
    const style = { color: BRAND, dashArray: "3 5", fill: false, interactive: false, opacity: 0.55 };
    const ring = L.circle(here, { ...style, radius: km * 1000, weight: 1 }).addTo(map);
    const north = [ring.getBounds().getNorth(), here[1]];
    const label = L.divIcon({ className: "app-map__km", html: words.replace("#", km), iconSize: null });
    L.marker(north, { icon: label, interactive: false, keyboard: false }).addTo(map);
  }
  const dot = { color: BRAND, fillColor: AMBER, fillOpacity: 1, interactive: false, weight: 3 };
  L.circleMarker(here, { ...dot, radius: 6 }).addTo(map);
}

// Those in one place share a pin.
function together(all) {
  const found = new Map();
  for (const place of all) {
    const key = place.at.map((degrees) => degrees.toFixed(5)).join(",");
    found.set(key, [...(found.get(key) ?? []), place.item]);
  }
  return found;
}

function numberOf(item) {
  const rows = [...item.parentElement.children];
  return rows.length > 1 ? rows.indexOf(item) + 1 : "";
}
