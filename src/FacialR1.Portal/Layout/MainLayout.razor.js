// From here on clicks are heard. Before, the page is only a picture of itself; the stylesheet and the browser tests want to know.
document.documentElement.dataset.interactive = "true";
