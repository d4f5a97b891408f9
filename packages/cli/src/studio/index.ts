export { type Studio, type StudioOptions, serveStudio } from "./server.js";
