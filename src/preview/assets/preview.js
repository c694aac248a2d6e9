// The preview's own script. When, and only when, the page would be another one, exchanges what is another in it, or
// loads it again where that could go wrong; exchanges style sheets in place; keeps the list of findings up to date.
// Never part of a built site.
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

  // The address of events says what the page shows, and is kept true: whoever asks there is told what is another.
  const has = new URL(script.dataset.events, location.href);
  const note = (name, value) => has.searchParams.set(name, value);

  // ---- Place on the page, kept whatever is saved -----------------------------------------------------------------

  const here = location.pathname + location.search;
  // Where the reader was, while the page is too short to be there: a document with a mistake has a short page of its
  // own, and who mends it wants to be back. Whoever scrolls meanwhile has another place.
  let wanted = null;
  const whereabouts = () => (wanted && wanted.from === scrollY ? wanted.at : { x: scrollX, y: scrollY });
  const goTo = (at) => {
    scrollTo({ left: at.x, top: at.y, behavior: "instant" });
    wanted = scrollY < at.y - 1 ? { at, from: scrollY } : null;
  };
  const at = read().at;
  remember({ at: null });
  if (at && at.page === here) {
    history.scrollRestoration = "manual";
    goTo(at);
    // Images and fonts may still move things.
    addEventListener("load", () => goTo(at), { once: true });
  }
  const reload = () => {
    remember({ at: { page: here, ...whereabouts() } });
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

  // By path: what comes into the page later may be taken from what the browser remembers of this page.
  const renewed = new Map();
  const renew = ({ paths, mark }) => {
    for (const path of paths) renewed.set(path, mark);
    for (const image of document.images) {
      if (!image.src) continue;
      const url = new URL(image.src);
      const isIt = paths.some((path) => url.pathname.endsWith(`/${path}`));
      if (isIt && url.search !== `?${mark}`) image.src = `${url.pathname}?${mark}`;
    }
  };

  // ---- The page, exchanged in place ------------------------------------------------------------------------------

  // What acts when a page is loaded, and only then. Data is none of it.
  const acts = 'script:not([type$="json"]), style, link[rel~="stylesheet"], meta[http-equiv], base, template, ' +
    "noscript, iframe, object, embed, audio, video";

  // A page as the site makes it. What the preview adds comes by events, and so do the marks of style sheets.
  const bare = (root) => {
    const own = root.querySelector("script[data-events]");
    const styles = new URL(own.dataset.events, location.href).searchParams.get("styles");
    const marks = styles.split(",").map((pair) => pair.split(":")[1]).filter(Boolean);
    for (const link of root.querySelectorAll('link[rel~="stylesheet"]')) {
      link.setAttribute("href", marks.reduce((href, mark) => href.replace(mark, ""), link.getAttribute("href") || ""));
    }
    own.removeAttribute("data-events");
    root.querySelector("#kohyo-preview")?.replaceChildren();
    return root;
  };

  // As it was sent, before anyone changed anything in it. What is sent next is compared with this and not with what is
  // there: so what the reader opened or filled in stays, unless that very thing is sent differently.
  let sent = script.dataset.known ? bare(document.documentElement.cloneNode(true)) : null;

  const unfit = (why) => {
    throw new Error(why);
  };
  const sameKind = (one, other) => Boolean(other) && one.nodeName === other.nodeName;

  // Makes `live`, which was sent as `before`, what is sent as `after`.
  const exchange = (before, after, live) => {
    if (before.isEqualNode(after)) return;
    if (before.nodeType !== Node.ELEMENT_NODE) {
      live.data = after.data;
      return;
    }
    for (const { namespaceURI, localName } of before.attributes) {
      if (!after.hasAttributeNS(namespaceURI, localName)) live.removeAttributeNS(namespaceURI, localName);
    }
    for (const { namespaceURI, localName, name, value } of after.attributes) {
      if (before.getAttributeNS(namespaceURI, localName) !== value) live.setAttributeNS(namespaceURI, name, value);
    }
    const [old, next, shown] = [before, after, live].map((parent) => [...parent.childNodes]);
    // A browser's extensions change pages, too. What they put behind everything else does not matter.
    if (!old.every((node, at) => sameKind(node, shown[at]))) unfit("someone changed the page");
    const shortest = Math.min(old.length, next.length);
    let first = 0;
    while (first < shortest && old[first].isEqualNode(next[first])) first++;
    let last = 0;
    while (last < shortest - first && old.at(-1 - last).isEqualNode(next.at(-1 - last))) last++;
    const gone = old.slice(first, old.length - last);
    const come = next.slice(first, next.length - last);
    if (gone.length === come.length && gone.every((node, at) => sameKind(node, come[at]))) {
      gone.forEach((node, at) => exchange(node, come[at], shown[first + at]));
      return;
    }
    const isMoved = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches(acts) || node.querySelector(acts));
    if ([...gone, ...come].some(isMoved)) unfit("it would act again");
    const end = shown[old.length - last] || null;
    shown.slice(first, old.length - last).forEach((node) => node.remove());
    for (const node of come) live.insertBefore(document.importNode(node, true), end);
  };

  // Makes the page what was sent now; throws where only loading it again is sure to do that.
  const become = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const own = page.querySelector("script[data-events]");
    const hash = new URL(own.dataset.events, location.href).searchParams.get("page");
    const { known } = own.dataset;
    const next = bare(page.documentElement);
    const acting = (root) => [...root.querySelectorAll(acts)];
    const asText = (root) => JSON.stringify(acting(root).map((node) => node.outerHTML));
    if (page.compatMode !== document.compatMode || asText(sent) !== asText(next)) unfit("it acts otherwise");
    // A script may hold on to parts of the page, or have changed them. Only one is known not to: the standard theme's.
    const isKnown = (node) => node.localName !== "script" || node === own || (known && node.src.endsWith(`/${known}`));
    if (!acting(next).every(isKnown)) unfit("a script may hold on to parts of it");
    const held = document.activeElement;
    const was = whereabouts();
    const isBack = was.y === scrollY;
    exchange(sent, next, document.documentElement);
    sent = next;
    note("page", hash);
    renewed.forEach((mark, path) => renew({ paths: [path], mark }));
    // Where the page is long enough, the browser itself holds what is read in its place.
    const end = document.documentElement.scrollHeight - innerHeight;
    if (!isBack || was.y > end + 1) goTo(was);
    if (held && held.id && !held.isConnected) document.getElementById(held.id)?.focus({ preventScroll: true });
    // Only a browser that goes to a place on a page decides what is marked there.
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (document.querySelector(":target") !== (target || null)) unfit("another place is meant");
    return hash;
  };

  // What the stream that is open takes the page for.
  let told = null;
  let isAsking = false;
  const renewPage = async () => {
    if (!sent) return reload();
    // One at a time: so no older answer comes after a newer one.
    if (isAsking) return;
    isAsking = true;
    let response, text;
    try {
      response = await fetch(here, { cache: "no-store" });
      text = await response.text();
      if (response.status === 503) throw new Error("busy");
    } catch {
      // The preview is gone or has too much to do; what is there stays until it answers again.
      return pause();
    } finally {
      isAsking = false;
    }
    try {
      const isPage = response.headers.get("Content-Type").startsWith("text/html");
      if (!response.ok || response.redirected || !isPage) unfit("another kind of answer");
      const hash = become(text);
      // Something was saved meanwhile, before the answer or after it. Asking anew from what is there is always right.
      if (stream && hash !== told) {
        hush();
        listen();
      }
    } catch {
      reload();
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
    told = has.searchParams.get("page");
    stream = new EventSource(has + (free ? "" : "&once=1"));
    const on = (name, act) => stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
    on("page", ({ hash }) => {
      told = hash;
      if (hash !== has.searchParams.get("page")) renewPage();
    });
    on("style", (marks) => {
      restyle(marks);
      note("styles", Object.entries(marks).map((pair) => pair.join(":")).join(","));
    });
    on("media", renew);
    on("panel", ({ html, hash }) => {
      show(html);
      note("panel", hash);
    });
    on("seen", ({ generation }) => {
      document.documentElement.dataset.kohyoSeen = generation;
      note("since", generation);
    });
    // A browser would ask again where it asked first; what the page shows may be another thing by now.
    stream.addEventListener("error", pause);
  };
  const hush = () => {
    clearTimeout(again);
    turn++;
    leave();
    if (stream) stream.close();
    stream = null;
  };
  const pause = () => {
    hush();
    again = setTimeout(listen, 1000);
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
  addEventListener("pagehide", hush);
  addEventListener("pageshow", listen);
  listen();
})();
