export {
  type ApiSchemas,
  type Credentials,
  createPlatformClient,
  LogInRefused,
  logInToPlatform,
  type PlatformClient,
  type PlatformClientOptions,
} from '../client/platform-client.ts';
