// A web server of cpp-httplib, with the routes of examples/python-server but no `call`.
// usage: cpp-server HOST:PORT
#include <httplib.h>

#include <cstdio>
#include <string>
#include <thread>

using httplib::Request;
using httplib::Response;

static int number(const Request &request, const char *name, int otherwise) {
  return request.has_param(name) ? std::stoi(request.get_param_value(name)) : otherwise;
}

static void sized(Response &response, int status, std::string body) {
  response.status = status;
  if (status != 204 && status != 304) response.set_content(std::move(body), "text/plain");
}

static void chunked(Response &response, int chunks) {
  response.status = 200;
  response.set_chunked_content_provider("text/plain", [chunks](size_t, httplib::DataSink &sink) {
    for (int i = 0; i < chunks; i++) sink.write("0123456789", 10);
    sink.done();
    return true;
  });
}

static void tell(const Request &request, const Response &response) {
  size_t sent = response.body.size();
  if (request.path == "/chunked") sent = 10 * number(request, "n", 10);
  if (request.method == "HEAD") sent = 0;
  std::printf("access %s %s %d %zu\n", request.method.c_str(), request.path.c_str(), response.status, sent);
  std::fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc != 2) return std::fputs("usage: cpp-server HOST:PORT\n", stderr), 2;
  std::string address = argv[1];
  size_t colon = address.rfind(':');

  httplib::Server server;
  server.set_logger(tell);
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(10'000);
  auto echo = [](const Request &request, Response &response) { sized(response, 200, request.body); };
  server.Get("/", [](const Request &, Response &response) { sized(response, 200, "hello from c++\n"); });
  server.Post("/echo", echo);
  server.Delete("/echo", echo);
  server.Get("/delay", [](const Request &request, Response &response) {
    std::this_thread::sleep_for(std::chrono::milliseconds(number(request, "ms", 100)));
    sized(response, 200, "waited\n");
  });
  server.Get(R"(/status/([2-5]\d\d))", [](const Request &request, Response &response) {
    std::string status = request.matches[1];
    sized(response, std::stoi(status), "status " + status + "\n");
  });
  server.Get("/bytes", [](const Request &request, Response &response) {
    sized(response, 200, std::string(number(request, "n", 1024), 'x'));
  });
  server.Get("/chunked", [](const Request &request, Response &response) {
    chunked(response, number(request, "n", 10));
  });

  int port = std::stoi(address.substr(colon + 1));
  if (!server.bind_to_port(address.substr(0, colon).c_str(), port)) return std::perror("bind"), 1;
  std::printf("listening on %s\n", address.c_str());
  std::fflush(stdout);
  return server.listen_after_bind() ? 0 : 1;
}
