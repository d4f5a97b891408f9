// The reader's camera.
import { squareOf } from "./pictures.js";

export class Camera {
  #stream: MediaStream | undefined;

  constructor(readonly view: HTMLVideoElement) {}

  /** Turns it on or off. Throws Error if the reader or the machine has none to give. */
  async turn(on: boolean): Promise<void> {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.view.hidden = !on;
    this.view.srcObject = null;
    if (!on) return;
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
      this.view.srcObject = this.#stream;
      await this.view.play();
    } catch (error) {
      this.view.hidden = true;
      throw new Error(`the camera cannot be used: ${(error as Error).message}`);
    }
  }

  /** What it sees now, if it is on. */
  see(): OffscreenCanvas | undefined {
    const { videoWidth: width, videoHeight: height } = this.view;
    return this.#stream === undefined || width === 0 ? undefined : squareOf(this.view, width, height);
  }
}
