// From here on clicks are heard. Before, the page is only a picture of itself; the stylesheet and the browser tests want to know.
document.documentElement.dataset.interactive = "true";

// The router takes a link to a place on the same page for itself and only scrolls; a skip link must move the focus.
document.addEventListener("click", event => {
  if (!event.target.closest?.(".skip-link")) return;
  event.preventDefault();
  document.getElementById("content").focus();
}, true);
