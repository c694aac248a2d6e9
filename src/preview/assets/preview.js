// The preview's own script. Loads the page again when, and only when, it would be another one; exchanges style sheets
// in place; keeps the list of findings up to date. Never part of a built site.
(() => {
  "use strict";
  const script = document.currentScript;
  const stored = "kohyo-preview";
  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(stored) || "{}");
    } catch {
      return {};
    }
  };
  const remember = (more) => {
    try {
      sessionStorage.setItem(stored, JSON.stringify({ ...read(), ...more }));
    } catch {
      // A browser that keeps nothing still works.
    }
  };

  // ---- Place on the page, kept over a reload ---------------------------------------------------------------------

  const here = location.pathname + location.search;
  const at = read().at;
  remember({ at: null });
  if (at && at.page === here) {
    history.scrollRestoration = "manual";
    const restore = () => scrollTo({ left: at.x, top: at.y, behavior: "instant" });
    restore();
    // Images and fonts may still move things.
    addEventListener("load", restore, { once: true });
  }
  const reload = () => {
    remember({ at: { page: here, x: scrollX, y: scrollY } });
    location.reload();
  };

  // ---- The list of findings --------------------------------------------------------------------------------------

  const place = () => document.getElementById("kohyo-preview");

  // What the reader opened, closed or dismissed stays so from page to page.
  const dress = () => {
    const panel = place() && place().querySelector(".kohyo-findings");
    const details = panel && panel.querySelector("details");
    if (!details) return;
    const { open, closed } = read();
    if (typeof open === "boolean") details.open = open;
    panel.hidden = closed === true;
    details.addEventListener("toggle", () => remember({ open: details.open }));
    const close = panel.querySelector("[data-kohyo-close]");
    close.hidden = false;
    close.addEventListener("click", () => {
      remember({ closed: true });
      panel.hidden = true;
    });
  };
  dress();

  const show = (html) => {
    const parent = place();
    if (!parent) return;
    // The server escaped every text in it. Someone who reads the list keeps their place in it.
    const list = parent.querySelector(".kohyo-findings__list");
    const top = list ? list.scrollTop : 0;
    const held = parent.contains(document.activeElement);
    parent.innerHTML = html;
    dress();
    const next = parent.querySelector(".kohyo-findings__list");
    if (next) next.scrollTop = top;
    if (held) {
      const summary = parent.querySelector(".kohyo-findings:not([hidden]) summary");
      if (summary) summary.focus({ preventScroll: true });
    }
  };

  // The editor is opened without leaving the page.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.classList.contains("kohyo-open")) return;
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
  });

  // ---- Styles and images, exchanged in place ---------------------------------------------------------------------

  const restyle = (marks) => {
    for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
      const url = new URL(link.href);
      const name = decodeURIComponent(url.pathname.split("/assets/")[1] || "");
      const mark = marks[name];
      if (!mark || url.search.includes(mark)) continue;
      const next = link.cloneNode();
      next.href = `${url.pathname}?v=${mark}`;
      // The old one goes when the new one is there, so that nothing flashes.
      next.addEventListener("load", () => link.remove(), { once: true });
      link.after(next);
    }
  };

  const renew = ({ paths, mark }) => {
    for (const image of document.images) {
      const url = new URL(image.src);
      if (paths.some((path) => url.pathname.endsWith(`/${path}`))) image.src = `${url.pathname}?${mark}`;
    }
  };

  // ---- Events ----------------------------------------------------------------------------------------------------

  // A browser opens six connections to a host, for all its tabs together. A tab that nobody sees gives its own back and
  // asks for what it missed when it is looked at; of those that are seen, four hold one, the others ask every second.
  let stream = null;
  let again = 0;
  let turn = 0;
  let leave = () => {};
  const seat = (number) => new Promise((done) => {
    navigator.locks.request(`kohyo-preview-${number}`, { ifAvailable: true }, (lock) => {
      if (!lock) return done(null);
      return new Promise((free) => done(free));
    });
  });
  const takeSeat = async () => {
    // Only pages of this very machine have locks.
    if (!navigator.locks) return () => {};
    for (let number = 0; number < 4; number++) {
      const free = await seat(number);
      if (free) return free;
    }
    return null;
  };
  const listen = async () => {
    if (stream || document.hidden) return;
    const mine = ++turn;
    const free = await takeSeat();
    if (mine !== turn) {
      if (free) free();
      return;
    }
    leave = free || (() => {});
    stream = new EventSource(script.dataset.events + (free ? "" : "&once=1"));
    stream.addEventListener("page", reload);
    stream.addEventListener("style", (event) => restyle(JSON.parse(event.data)));
    stream.addEventListener("media", (event) => renew(JSON.parse(event.data)));
    stream.addEventListener("panel", (event) => show(JSON.parse(event.data).html));
    stream.addEventListener("seen", (event) => {
      document.documentElement.dataset.kohyoSeen = JSON.parse(event.data).generation;
    });
    stream.addEventListener("error", () => {
      // A lost connection comes back by itself; a refused one does not.
      if (stream && stream.readyState === EventSource.CLOSED) {
        hush();
        again = setTimeout(listen, 1000);
      }
    });
  };
  const hush = () => {
    clearTimeout(again);
    turn++;
    leave();
    if (stream) stream.close();
    stream = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
  addEventListener("pagehide", hush);
  addEventListener("pageshow", listen);
  listen();
})();
