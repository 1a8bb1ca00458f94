import js from "@eslint/js";

export default [
  { ignores: ["**/tfjs.js", "**/.venv/**", "site/**"] },
  js.configs.recommended,
  {
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
    languageOptions: {
      globals: Object.fromEntries(
        "addEventListener removeEventListener getComputedStyle postMessage document window navigator location crypto fetch console performance structuredClone setTimeout clearTimeout setInterval clearInterval requestAnimationFrame cancelAnimationFrame sessionStorage URL Blob Image ImageData Worker CustomEvent Event TextDecoder TextEncoder Path2D createImageBitmap OffscreenCanvas FileReader IntersectionObserver ResizeObserver AbortController DOMException HTMLElement process caches self"
          .split(" ")
          .map((name) => [name, "readonly"]),
      ),
    },
  },
];
