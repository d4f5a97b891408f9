// Takes pictures for the playground with the camera.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { troubleOf } from "../engine/trouble.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { greyOf, type Picture, picturesData } from "./pictures.js";
import w from "./playground.words.js";
import { changeData, draw, pageTrouble, run } from "./state.js";

export const cameraOn = signal(false);
/** What was taken so far. */
const taken = signal<readonly Picture[]>([]);
const NAMES = ["A", "B", "C", "D"] as const;
/** Milliseconds from one picture to the next while a button is held, and while the network looks. */
const EVERY = 120;
/** Milliseconds after which a pressed button is held: a click is shorter, on a busy page, too. */
const HELD = 500;

/** Pictures of your own from the camera: a few of each class, then learn, then show something to the network. */
export function Camera() {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let over = false;
    const start = async (): Promise<void> => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
        if (over || video.current === null) return stop(stream);
        video.current.srcObject = stream;
        await video.current.play();
      } catch (error) {
        pageTrouble.value = { code: "camera", reason: error instanceof Error ? error.name : String(error) };
        cameraOn.value = false;
      }
    };
    void start();
    // Whatever the camera sees is what the network answers to.
    const looking = setInterval(() => {
      const seen = see(video.current);
      if (seen !== undefined && run.peek().settings.data === "pictures") draw(Float32Array.from(seen));
    }, EVERY);
    return () => {
      over = true;
      clearInterval(looking);
      if (stream !== undefined) stop(stream);
    };
  }, []);
  const take = (name: string): void => {
    const pixels = see(video.current);
    if (pixels !== undefined) taken.value = [...taken.value, { name, pixels }];
  };
  const learn = (): void => {
    pageTrouble.value = undefined;
    try {
      changeData("pictures", picturesData(taken.value));
    } catch (error) {
      pageTrouble.value = troubleOf(error);
    }
  };
  return (
    <div class="camera">
      {/* What it shows is the reader's own surroundings, which have no captions. */}
      <video ref={video} aria-label={t(w.cameraView)} playsInline muted width={160} height={120} />
      <div class="chips">
        {NAMES.map((name) => (
          <TakeButton key={name} name={name} take={() => take(name)} />
        ))}
      </div>
      <Button onClick={learn}>{t(w.learnTaken)}</Button>
    </div>
  );
}

/** Takes a picture, and others while it is held. */
function TakeButton({ name, take }: { readonly name: string; readonly take: () => void }) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const end = () => clearTimeout(timer.current);
  const takeAgain = () => {
    take();
    timer.current = setTimeout(takeAgain, EVERY);
  };
  useEffect(() => end, []);
  return (
    <button
      type="button"
      class="chip"
      onClick={take}
      onPointerDown={() => {
        end();
        timer.current = setTimeout(takeAgain, HELD);
      }}
      onPointerUp={end}
      onPointerLeave={end}
    >
      {t(w.take, name, taken.value.filter((picture) => picture.name === name).length)}
    </button>
  );
}

function see(video: HTMLVideoElement | null): Uint8Array | undefined {
  if (video === null || video.videoWidth === 0) return undefined;
  return greyOf(video, video.videoWidth, video.videoHeight);
}

const stop = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};
