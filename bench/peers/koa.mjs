// A bare Koa server: what HTTP costs with the framework that dynonym uses, and nothing behind it.
import { parse } from 'basic-auth';
import Koa from 'koa';

const [port, user, password] = process.argv.slice(2);

const app = new Koa();
app.use((context) => {
  if (context.path === '/ip') {
    context.body = context.ip;
    return;
  }
  const credentials = parse(context.headers.authorization ?? '');
  if (credentials?.name !== user || credentials?.pass !== password) {
    context.throw(401);
  }
  context.body = 'nochg\n';
});
app.listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
