// gRPC's interoperability service and test cases with grpc-js, beside its health and reflection services.
//
// usage: interop.js server HOST:PORT [CERTIFICATE KEY]  prints a line "call METHOD STATUS REQUESTS RESPONSES" for each
//        interop.js client HOST:PORT [CERTIFICATE]      reads names of test cases, one a line, all on one connection
import * as fs from 'node:fs';
import * as readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation, service as healthService } from 'grpc-health-check';

const definition = loader.loadSync(new URL('interop.proto', import.meta.url).pathname, { keepCase: true, defaults: true });
const testing = grpc.loadPackageDefinition(definition).grpc.testing;

const REQUEST_SIZES = [27182, 8, 1828, 45904];
const RESPONSE_SIZES = [31415, 9, 2653, 58979];
const UNKNOWN = { code: 2, message: 'test status message' };

const payload = (size) => ({ body: Buffer.alloc(size) });
const failure = (status) => (status?.code ? { code: status.code, details: status.message } : null);

/** What a handler does with a call; it tells of it once, when it has ended or was cancelled. */
function serving(name, handler) {
  return (call, callback) => {
    const counted = { requests: 0, responses: 0 };
    let told = false;
    const tell = (status) => {
      if (!told) {
        told = true;
        console.log(`call grpc.testing.TestService/${name} ${status} ${counted.requests} ${counted.responses}`);
      }
    };
    call.on('cancelled', () => tell(1));
    handler(call, counted, tell, callback);
  };
}

function unary(answer) {
  return (call, counted, tell, callback) => {
    counted.requests = 1;
    const error = failure(call.request.response_status);
    counted.responses = error ? 0 : 1;
    tell(error?.code ?? 0);
    callback(error, error ? undefined : answer(call.request));
  };
}

async function send(call, counted, parameters) {
  for (const one of parameters) {
    if (one.interval_us) await sleep(one.interval_us / 1000);
    if (call.cancelled) return;
    counted.responses++;
    call.write({ payload: payload(one.size) });
  }
}

const implementation = {
  EmptyCall: serving('EmptyCall', unary(() => ({}))),
  UnaryCall: serving('UnaryCall', unary((request) => ({ payload: payload(request.response_size) }))),
  StreamingOutputCall: serving('StreamingOutputCall', async (call, counted, tell) => {
    counted.requests = 1;
    await send(call, counted, call.request.response_parameters);
    tell(0);
    call.end();
  }),
  StreamingInputCall: serving('StreamingInputCall', (call, counted, tell, callback) => {
    let size = 0;
    call.on('data', (request) => {
      counted.requests++;
      size += request.payload.body.length;
    });
    call.on('end', () => {
      counted.responses = 1;
      tell(0);
      callback(null, { aggregated_payload_size: size });
    });
  }),
  FullDuplexCall: serving('FullDuplexCall', (call, counted, tell) => {
    let sent = Promise.resolve();
    let failed = null;
    call.on('data', (request) => {
      counted.requests++;
      failed ??= failure(request.response_status);
      if (!failed) sent = sent.then(() => send(call, counted, request.response_parameters));
    });
    call.on('end', () => sent.then(() => {
      if (call.cancelled) return;
      tell(failed?.code ?? 0);
      failed ? call.emit('error', failed) : call.end();
    }));
  }),
};

function serve(address, certificate, key) {
  const server = new grpc.Server();
  server.addService(testing.TestService.service, implementation);
  new HealthImplementation({ '': 'SERVING' }).addToServer(server);
  new ReflectionService(definition).addToServer(server);
  const trust = certificate
    ? grpc.ServerCredentials.createSsl(null, [{ private_key: fs.readFileSync(key), cert_chain: fs.readFileSync(certificate) }])
    : grpc.ServerCredentials.createInsecure();
  server.bindAsync(address, trust, (error) => {
    if (error) throw error;
    console.log(`listening on ${address}`);
  });
}

/** The answers of a call whose requests these are; fails when the call does. */
function answers(call, requests, keepOpen) {
  return new Promise((resolve, reject) => {
    const all = [];
    call.on('data', (answer) => {
      all.push(answer);
      if (keepOpen) call.cancel();
    });
    call.on('error', reject);
    call.on('end', () => resolve(all));
    for (const request of requests ?? []) call.write(request);
    if (requests && !keepOpen) call.end();
  });
}

function asked(client, method, request, ...more) {
  return new Promise((resolve, reject) => {
    const call = client[method](request, ...more, (error, answer) => (error ? reject(error) : resolve(answer)));
    return call;
  });
}

async function failsWith(code, promise, otherwise = code) {
  const error = await promise.then(() => ({ code: 0 }), (thrown) => thrown);
  if (error.code !== code && error.code !== otherwise) throw new Error(`${error.code} instead of ${code}: ${error.message}`);
}

/** Fails unless that many answers come, and then that end. */
async function endsWith(code, count, call, requests) {
  let received = 0;
  call.on('data', () => received++);
  await failsWith(code, answers(call, requests));
  check(received === count, `${received} answers instead of ${count}`);
}

/** Fails unless the connection breaks behind the first answer. */
function breaks(call) {
  call.once('data', () => console.log('answered'));
  return endsWith(14, 1, call);
}

function check(condition, what) {
  if (!condition) throw new Error(what);
}

function casesOf(address, trust) {
  const client = new testing.TestService(address, trust);
  const nobody = new testing.UnimplementedService(address, trust, { channelOverride: client.getChannel() });
  const Health = grpc.makeGenericClientConstructor(healthService, 'grpc.health.v1.Health');
  const health = new Health(address, trust, { channelOverride: client.getChannel() });
  const outputRequest = (sizes, size, intervalUs = 0) => ({
    response_parameters: sizes.map((one) => ({ size: one, interval_us: intervalUs })),
    payload: payload(size),
  });
  return {
    empty_unary: () => asked(client, 'EmptyCall', {}),
    large_unary: async () => {
      const answer = await asked(client, 'UnaryCall', { response_size: 314159, payload: payload(271828) });
      check(answer.payload.body.length === 314159, 'size');
    },
    client_streaming: () => new Promise((resolve, reject) => {
      const call = client.StreamingInputCall((error, answer) =>
        error || answer.aggregated_payload_size !== 74922 ? reject(error ?? new Error('size')) : resolve());
      for (const size of REQUEST_SIZES) call.write({ payload: payload(size) });
      call.end();
    }),
    server_streaming: async () => {
      const all = await answers(client.StreamingOutputCall(outputRequest(RESPONSE_SIZES, 0)));
      check(all.length === 4, 'answers');
    },
    ping_pong: async () => {
      const requests = REQUEST_SIZES.map((size, i) => outputRequest([RESPONSE_SIZES[i]], size));
      check((await answers(client.FullDuplexCall(), requests)).length === 4, 'answers');
    },
    empty_stream: async () => check((await answers(client.FullDuplexCall(), [])).length === 0, 'answers'),
    status_code_and_message: async () => {
      await failsWith(2, asked(client, 'UnaryCall', { response_status: UNKNOWN }));
      await failsWith(2, answers(client.FullDuplexCall(), [{ response_status: UNKNOWN }]));
    },
    unimplemented_method: () => failsWith(12, asked(client, 'UnimplementedCall', {})),
    unimplemented_service: () => failsWith(12, asked(nobody, 'UnimplementedCall', {})),
    cancel_after_first_response: () =>
      failsWith(1, answers(client.FullDuplexCall(), [outputRequest([31415], 27182)], true)),
    // 1 when the server knew first that the time was up
    deadline: () => failsWith(4, answers(
      client.StreamingOutputCall(outputRequest([1], 0, 900_000), { deadline: Date.now() + 300 })), 1),
    // all under way together on the one connection, each of another end
    at_once: () => Promise.all([
      ...[...Array(17).keys()].map((code) => failsWith(code, asked(client, 'UnaryCall', { response_status: { code } }))),
      ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((count) => {
        const some = outputRequest(Array(count).fill(100), 0, 20_000);
        return [
          endsWith(0, count, client.StreamingOutputCall(some)),
          endsWith(10, count, client.FullDuplexCall(), [some, { response_status: { code: 10 } }]),
        ];
      }),
    ]),
    broken_unary: () => failsWith(14, asked(client, 'EmptyCall', {})),
    broken_streaming: () => breaks(client.StreamingOutputCall({
      response_parameters: [{ size: 100 }, { size: 100, interval_us: 600_000_000 }],
    })),
    health: () => asked(health, 'check', { service: '' }),
  };
}

async function ask(address, certificate) {
  const trust = certificate
    ? grpc.credentials.createSsl(fs.readFileSync(certificate))
    : grpc.credentials.createInsecure();
  const cases = casesOf(address, trust);
  console.log('ready');
  for await (const name of readline.createInterface({ input: process.stdin })) {
    await cases[name]();
    console.log(`done ${name}`);
  }
  process.exit(0);
}

const [mode, address, ...files] = process.argv.slice(2);
(mode === 'server' ? serve : ask)(address, ...files);
