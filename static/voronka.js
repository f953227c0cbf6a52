// What every page does beyond plain forms: dialogs, toasts, keys, focus; again.js does what failed
// once more. No rule of the business and no text of its own: both come from the server.
(() => {
  "use strict";
  const root = document.documentElement;
  const TOAST_SECONDS = 12; // at least 10, longer while hovered or focused
  const FAILED_SECONDS = 30;
  const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, [tabindex]";

  // Toasts

  function arm(toast) {
    if (toast.dataset.armed) return;
    toast.dataset.armed = "yes";
    reveal(toast);
    const seconds = toast.dataset.kind === "error" ? FAILED_SECONDS : TOAST_SECONDS;
    let timer;
    const stop = () => clearTimeout(timer);
    const start = () => {
      stop();
      timer = setTimeout(() => {
        if (!toast.matches(":hover, :focus-within")) toast.remove();
      }, seconds * 1000);
    };
    toast.addEventListener("pointerenter", stop);
    toast.addEventListener("pointerleave", start);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("focusout", start);
    start();
  }

  // What works only with JavaScript is hidden without it
  function reveal(part) {
    part.querySelectorAll("[data-js][hidden]").forEach((thing) => { thing.hidden = false; });
  }

  // A refused form (409, 422) comes back in its place; any other refusal where the server sends it

  let focused = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (xhr.status === 409 || xhr.status === 422 || (xhr.status > 401 && xhr.getResponseHeader("HX-Retarget"))) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    focused = target && target.contains(document.activeElement) ? document.activeElement : null;
  });

  // The focus stays where the person was: on the same thing, else in what took its place

  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    if (!part || !part.isConnected) return;
    const wanted = part.matches("[data-focus]") ? part : part.querySelector("[data-focus]");
    if (wanted) wanted.focus();
    else if (focused && !focused.isConnected && document.activeElement === document.body) {
      const first = part.matches(FOCUSABLE) ? part : part.querySelector(FOCUSABLE);
      if (first) first.focus({ preventScroll: true });
    }
    if (focused && !focused.isConnected) focused = null;
  });

  // Dialogs: [data-open=id] opens one, a click on the veil closes it, a loaded one shows itself

  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  function prepare(part) {
    reveal(part);
    part.querySelectorAll("[data-indeterminate]").forEach((box) => { box.indeterminate = true; });
    const dialogs = [...part.querySelectorAll("dialog[data-show]")];
    if (part.matches("dialog[data-show]")) dialogs.push(part);
    dialogs.forEach((dialog) => {
      if (dialog.open) return;
      document.querySelectorAll("[popover]:popover-open").forEach((pop) => pop.hidePopover());
      dialog.addEventListener("close", () => dialog.remove());
      dialog.showModal();
    });
  }
  document.addEventListener("voronka:done", (event) => {
    const around = event.target.closest("dialog, [popover]");
    if (!around) return;
    if (around.localName === "dialog") around.close();
    else around.hidePopover();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(opener.dataset.open, opener.closest("[popover]"));
    const closer = event.target.closest("[data-toast-close]");
    if (closer) closer.closest(".toast").remove();
    const shut = event.target.closest("[data-close]");
    if (shut && shut.closest("dialog")) shut.closest("dialog").close();
    if (event.target.localName === "dialog") event.target.close();
  });
  function open(id, popover) {
    const dialog = document.getElementById(id);
    if (popover) popover.hidePopover();
    if (dialog && !dialog.open) dialog.showModal();
  }

  // What others changed is looked for while the page is seen: the answer takes the place of [data-look]

  const LOOK_SECONDS = 15;
  function look() {
    const news = document.querySelector("[data-look]");
    if (!news || !window.htmx || document.hidden || document.querySelector("dialog[open]")) return;
    window.htmx.ajax("GET", news.dataset.look, {
      source: news, target: news, swap: "outerHTML", headers: { "X-Look": "1" },
    }).catch(() => {});
  }
  setInterval(look, LOOK_SECONDS * 1000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
    // it is no longer shown to this person: said once
    if (elt.matches("[data-look]") && (xhr.status === 403 || xhr.status === 404)) elt.removeAttribute("data-look");
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keep]")) return;
    const news = event.target.closest("[data-look]");
    news.dataset.look = event.target.closest("[data-keep]").dataset.keep;
    news.replaceChildren();
  });

  // After a log-out nothing of the person stays in this browser (drafts.js)

  document.addEventListener("submit", (event) => {
    const path = new URL(event.target.getAttribute("action") || location.href, location.href).pathname;
    const { person } = document.body.dataset;
    // the page of the log-out does not know whose it is; who changes his mind at the log-in keeps his drafts
    if (path !== "/accounts/logout/" || (!person && location.pathname !== path)) return;
    const whose = "draft:" + (person || "");
    try {
      Object.keys(localStorage).forEach((key) => { if (key.startsWith(whose)) localStorage.removeItem(key); });
    } catch { /* no storage */ }
  });

  // A link to be copied is marked whole; its button copies it, also over http, where there is no Clipboard API

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input[data-select]")) event.target.select();
  });
  document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    button.parentElement.querySelector("[data-select]").select();
    if (document.execCommand("copy")) button.querySelector("span").textContent = button.dataset.copy;
  });

  // Theme, sidebar, density: the form's change shows at once, without leaving the page

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!form.dataset || !form.dataset.preference || !button) return;
    event.preventDefault();
    const body = new FormData(form, button);
    prefer(form.dataset.preference, button);
    fetch(form.action, { method: "POST", body, redirect: "manual" })
      .then((answer) => { if (!answer.ok && answer.type !== "opaqueredirect") throw answer; })
      .catch(() => form.submit());
  });
  function prefer(name, button) {
    const value = button.value;
    if (name === "theme") {
      setOrDrop(root, "data-bs-theme", value);
      root.setAttribute("data-theme", value || "auto");
      rememberTheme();
    } else if (name === "side") {
      setOrDrop(root, "data-side", value);
      const label = value ? button.dataset.unfold : button.dataset.fold;
      button.value = value ? "" : "mini";
      button.title = label;
      button.querySelector("span").textContent = label;
    } else if (name === "density") {
      setOrDrop(document.body, "data-density", value);
    }
    if (button.hasAttribute("aria-pressed")) {
      button.form.querySelectorAll("[aria-pressed]").forEach((one) => {
        one.setAttribute("aria-pressed", String(one === button));
      });
    }
  }
  function setOrDrop(element, name, value) {
    if (value) element.setAttribute(name, value);
    else element.removeAttribute(name);
  }
  // Django's admin keeps its theme there
  function rememberTheme() {
    try { if (root.dataset.theme) localStorage.setItem("theme", root.dataset.theme); } catch { /* no storage */ }
  }

  // Keys: [data-key] names a thing's key. Letters go by their place where the layout is not Latin.

  function keyOf(event) {
    if (/^[a-z/?]$/i.test(event.key)) return event.key.toLowerCase();
    if (event.code === "Slash") return event.shiftKey ? "?" : "/";
    const letter = /^Key([A-Z])$/.exec(event.code);
    return letter ? letter[1].toLowerCase() : "";
  }
  function press(key) {
    const thing = document.querySelector(`[data-key="${key}"]`);
    if (!thing) return false;
    if (thing.matches("input")) { thing.focus(); thing.select(); } else thing.click();
    return true;
  }
  function moveCard() {
    const card = document.activeElement.closest(".deal") || document.querySelector(".deal:hover");
    const button = card && (card.querySelector("[data-move]") || card.querySelector(".deal-title .dot-btn"));
    if (button) { button.focus(); button.click(); }
    return Boolean(button);
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") {
      // An edit in place is given up
      const form = event.target.closest("form");
      const cancel = form && form.querySelector("[data-cancel]");
      if (cancel) cancel.click();
      return;
    }
    const key = keyOf(event);
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      if (key === "k" && press("/")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.singleKeys === "off") return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    let taken = false;
    if (key === "?") { open("keys"); taken = true; }
    else if (key === "m") taken = moveCard();
    else if (key) taken = press(key);
    if (taken) event.preventDefault();
  });

  // Start

  rememberTheme();
  prepare(document.body);
  const box = document.getElementById("toasts");
  if (box) {
    box.querySelectorAll(".toast").forEach(arm);
    new MutationObserver(() => box.querySelectorAll(".toast").forEach(arm)).observe(box, { childList: true });
  }
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
