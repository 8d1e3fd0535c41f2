// usage: server.js HOST:PORT
import express from 'express';

const app = express();
app.disable('x-powered-by');
app.use((request, response, next) => {
  response.on('finish', () => {
    const bytes = request.method === 'HEAD' ? 0 : Number(response.getHeader('Content-Length') ?? 0);
    console.log(`access ${request.method} ${request.originalUrl.split('?')[0]} ${response.statusCode} ${bytes}`);
  });
  next();
});
app.use(express.raw({ type: () => true }));

app.get('/', (_, response) => response.send('hello from express\n'));
app.get('/healthz', (_, response) => response.send('well\n'));
app.post('/api/users', (request, response) => response.status(201).send(request.body));
app.get('/api/users/:id', (request, response) => response.send(`user ${request.params.id}\n`));
app.delete('/api/users/:id', (_, response) => response.status(204).end());
app.get('/api/users/:id/orders/:order', (request, response) => response.send(`order ${request.params.order}\n`));
app.get('/products/:name', (request, response) => response.send(`${request.params.name}\n`));
app.get('/files/*path', (request, response) => response.send(`${request.params.path.join('/')}\n`));
app.get('/call', async (request, response) => {
  const answer = await fetch(request.query.url);
  await answer.text();
  response.send(`${request.query.url} answered ${answer.status}\n`);
});

const address = process.argv[2];
const colon = address.lastIndexOf(':');
app.listen(Number(address.slice(colon + 1)), address.slice(0, colon), () => console.log(`listening on ${address}`));
