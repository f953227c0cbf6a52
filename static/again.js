// What htmx could not do is said, and can be done again: after a failure, after a new log-in in a
// dialog, with a fresh token. Nothing that was typed is touched. Its words come from the server.
(() => {
  "use strict";
  const BACK_IN = "/accounts/back/";
  const box = document.getElementById("toasts");
  const asked = { token: "", waiting: [] }; // the newest token; the requests that wait for a log-in

  // A failed request is never silent, and can be repeated

  const failures = new Map();
  const keyOf = (config) => config.verb + " " + config.path;

  function repeat({ requestConfig, etc }) {
    const { verb, path, elt, target, formData } = requestConfig; // target: before the answer chose another
    const values = new FormData();
    const now = elt.localName === "form" && elt.isConnected ? new FormData(elt) : new FormData();
    // what has been typed since is what counts; the button that was pressed is not in the form
    for (const [name, value] of formData) if (!now.has(name)) values.append(name, value);
    if (values.has("csrfmiddlewaretoken")) values.set("csrfmiddlewaretoken", tokenNow());
    return window.htmx.ajax(verb, path, {
      source: elt.isConnected ? elt : document.body,
      target: target && target.isConnected ? target : undefined,
      swap: etc && etc.swapOverride, // without X-Look: this time somebody asks for it
      values,
    }).catch(() => {});
  }
  function offer(toast, detail, action = repeat) {
    const key = keyOf(detail.requestConfig);
    if (failures.has(key)) failures.get(key).remove();
    failures.set(key, toast);
    toast.querySelector("[data-retry]").addEventListener("click", () => { toast.remove(); action(detail); });
  }
  function failed(detail, word, action) {
    const template = document.getElementById("toast-failed");
    if (!template || !box || !detail.requestConfig) return;
    const shown = failures.get(keyOf(detail.requestConfig));
    if (shown && shown.isConnected && shown.dataset.word === word) return;
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.dataset.word = word;
    toast.querySelector("[data-text]").textContent = template.dataset[word];
    offer(toast, detail, action);
    box.append(toast);
  }

  // A look that nobody asked for (X-Look) fails in silence: the next one follows by itself
  const isLook = ({ etc }) => Boolean(etc && etc.headers && etc.headers["X-Look"]);
  const failedUnlessLook = (detail, word) => { if (!isLook(detail)) failed(detail, word); };

  document.addEventListener("htmx:responseError", ({ detail }) => {
    if (detail.xhr.status === 401) logIn(detail);
    else failedUnlessLook(detail, "broken");
  });
  document.addEventListener("htmx:swapError", ({ detail }) => failedUnlessLook(detail, "broken"));
  document.addEventListener("htmx:sendError", ({ detail }) => failedUnlessLook(detail, "offline"));
  document.addEventListener("htmx:timeout", ({ detail }) => failedUnlessLook(detail, "offline"));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (isLook(detail) && detail.xhr.status >= 500) detail.shouldSwap = false; // the server's own toast
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    // a refusal that is shown counts as successful, too
    if (!detail.successful || !detail.requestConfig || detail.xhr.status >= 400) return;
    const key = keyOf(detail.requestConfig);
    if (failures.has(key)) failures.get(key).remove();
    failures.delete(key);
  });

  // The server's own toast about a failure has its button, too

  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== box) return;
    const toast = box.lastElementChild;
    if (toast && toast.querySelector("[data-retry]")) offer(toast, detail);
  });

  // Behind a dialog nothing can be pressed: toasts come in front of it, and home before it changes

  function goHome() {
    if (box && box.parentElement !== document.body) document.body.append(box);
  }
  if (box) {
    new MutationObserver(() => {
      const front = [...document.querySelectorAll("dialog:modal")].pop() || document.body;
      if (box.childElementCount && box.parentElement !== front) front.append(box);
    }).observe(box, { childList: true });
    document.addEventListener("close", goHome, true);
    document.addEventListener("htmx:beforeSwap", goHome);
  }

  // The tokens of this page are as old as the log-in before the last

  const tokenNow = () => {
    const field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    if (!detail.xhr.getResponseHeader("X-Stale-Token") || detail.requestConfig.headers["X-CSRFToken"] === asked.token) return;
    event.preventDefault();
    fetch(BACK_IN).then(takeIn).then((known) => { if (known) repeat(detail); else logIn(detail); })
      .catch(() => failed(detail, "offline"));
  });
  // Take what `/accounts/back/` says; false if nobody is logged in. Another person gets a page of his own.
  async function takeIn(answer) {
    if (!/json/.test(answer.headers.get("Content-Type"))) return false;
    const { person, token } = await answer.json();
    if (String(person) !== document.body.dataset.person) {
      location.reload();
      return new Promise(() => {});
    }
    asked.token = token;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    return true;
  }

  // The log-in has ended: its pages are shown in a dialog, then all that waited goes on

  function logIn(detail) {
    const dialog = document.getElementById("log-in");
    if (!dialog) return;
    if (isLook(detail)) {
      failed(detail, "loggedOut", logIn.bind(null, { ...detail, etc: {} })); // nobody asked for it
      return;
    }
    const shown = failures.get(keyOf(detail.requestConfig));
    if (shown) shown.remove();
    asked.waiting.push(detail);
    if (!dialog.open) {
      dialog.showModal();
      show(dialog, BACK_IN);
    }
  }
  async function show(dialog, address, options) {
    const place = dialog.querySelector("[data-pages]");
    try {
      const answer = await fetch(address, options);
      if (await takeIn(answer.clone())) {
        const waiting = asked.waiting.splice(0);
        dialog.close();
        waiting.forEach(repeat);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const pageBox = page.querySelector(".plain-box");
      if (!pageBox) throw answer;
      pageBox.querySelectorAll("h1").forEach((title) => title.remove());
      pageBox.querySelectorAll("a").forEach((link) => { link.target = "_blank"; });
      pageBox.querySelectorAll("form").forEach((form) => form.setAttribute("action", new URL(form.getAttribute("action") || answer.url, answer.url).pathname));
      place.replaceChildren(...pageBox.childNodes);
      const name = place.querySelector("input[name=login]");
      if (name && !name.value) name.value = dialog.dataset.name;
      const first = place.querySelector("[aria-invalid=true]") || [...place.querySelectorAll("input:not([type=hidden])")].find((one) => !one.value);
      if (first) first.focus();
    } catch {
      dialog.close();
    }
  }
  document.addEventListener("submit", (event) => {
    const dialog = event.target.closest("#log-in");
    if (!dialog || event.target.method === "dialog") return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target, event.submitter));
    show(dialog, event.target.getAttribute("action"), { method: "POST", body });
  });
  const dialog = document.getElementById("log-in");
  if (dialog) dialog.addEventListener("close", () => {
    dialog.querySelector("[data-pages]").replaceChildren();
    asked.waiting.splice(0).forEach((detail) => failed(detail, "loggedOut", logIn));
  });
})();
