// An application: what it answers depends on the path. Prints its port.
const http = require("http");
const zlib = require("zlib");
const crypto = require("crypto");

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const seen = {
      method: request.method,
      url: request.url,
      headers: request.headers,
      trailers: request.trailers,
      sha256: crypto.createHash("sha256").update(body).digest("hex"),
      bytes: body.length,
    };
    if (request.url === "/204") return response.writeHead(204).end();
    if (request.url === "/304") return response.writeHead(304, { etag: '"x"' }).end();
    if (request.url === "/echo") return response.writeHead(200, { "content-type": "application/octet-stream" }).end(body);
    if (request.url === "/gzip") {
      const packed = zlib.gzipSync(JSON.stringify(seen));
      return response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length }).end(packed);
    }
    if (request.url === "/trailers") {
      response.writeHead(200, { "content-type": "application/json", trailer: "x-checksum" });
      response.write(JSON.stringify(seen));
      response.addTrailers({ "x-checksum": seen.sha256 });
      return response.end();
    }
    const text = JSON.stringify(seen);
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(request.method === "HEAD" ? undefined : text);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
