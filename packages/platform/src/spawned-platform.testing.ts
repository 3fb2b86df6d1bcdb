import { spawn } from 'node:child_process';
import type { PlatformOptions } from './platform-options.ts';

/** A platform in a process of its own, that can be killed. */
export interface SpawnedPlatform {
  readonly url: string;
  /** SIGKILL; resolves when the process has ended. */
  kill(): Promise<void>;
}

/** @param options what JSON can hold */
export const spawnPlatform = async (options: PlatformOptions): Promise<SpawnedPlatform> => {
  const script = `import(${JSON.stringify(new URL('./start-platform.ts', import.meta.url).href)})
    .then(({ startPlatform }) => startPlatform(${JSON.stringify(options)})).then(({ httpUrl }) => console.log(httpUrl));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const [url] = await child.stdout.take(1).toArray();
  return {
    url: String(url).trim(),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};
