// gRPC's interoperability service and test cases with the C++ library, beside its health and reflection services.
//
// usage: grpc-cpp server HOST:PORT    prints a line "call METHOD STATUS REQUESTS RESPONSES" for each
//        grpc-cpp client HOST:PORT    reads names of test cases, one a line, all on one connection
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "interop.grpc.pb.h"

using namespace grpc::testing;
using grpc::ServerContext;
using grpc::Status;
using grpc::StatusCode;

namespace {

const std::vector<int> kRequestSizes = {27182, 8, 1828, 45904};
const std::vector<int> kResponseSizes = {31415, 9, 2653, 58979};

Status tell(ServerContext* context, const char* method, const Status& status, int requests, int responses) {
  int code = context->IsCancelled() ? StatusCode::CANCELLED : status.error_code();
  std::printf("call grpc.testing.TestService/%s %d %d %d\n", method, code, requests, responses);
  std::fflush(stdout);
  return status;
}

Status statusOf(const EchoStatus& echo) {
  return echo.code() == 0 ? Status::OK : Status(static_cast<StatusCode>(echo.code()), echo.message());
}

template <class Stream>
int send(Stream* stream, const StreamingOutputCallRequest& request) {
  int sent = 0;
  for (const ResponseParameters& one : request.response_parameters()) {
    std::this_thread::sleep_for(std::chrono::microseconds(one.interval_us()));
    StreamingOutputCallResponse response;
    response.mutable_payload()->set_body(std::string(one.size(), '\0'));
    if (!stream->Write(response)) {
      break;
    }
    sent++;
  }
  return sent;
}

class TestServer final : public TestService::Service {
  Status EmptyCall(ServerContext* context, const Empty*, Empty*) override {
    return tell(context, "EmptyCall", Status::OK, 1, 1);
  }

  Status UnaryCall(ServerContext* context, const SimpleRequest* request, SimpleResponse* response) override {
    Status status = statusOf(request->response_status());
    response->mutable_payload()->set_body(std::string(request->response_size(), '\0'));
    return tell(context, "UnaryCall", status, 1, status.ok() ? 1 : 0);
  }

  Status StreamingOutputCall(ServerContext* context, const StreamingOutputCallRequest* request,
                             grpc::ServerWriter<StreamingOutputCallResponse>* writer) override {
    int sent = send(writer, *request);
    return tell(context, "StreamingOutputCall", Status::OK, 1, sent);
  }

  Status StreamingInputCall(ServerContext* context, grpc::ServerReader<StreamingInputCallRequest>* reader,
                            StreamingInputCallResponse* response) override {
    StreamingInputCallRequest request;
    int received = 0, size = 0;
    for (; reader->Read(&request); received++) {
      size += request.payload().body().size();
    }
    response->set_aggregated_payload_size(size);
    return tell(context, "StreamingInputCall", Status::OK, received, 1);
  }

  Status FullDuplexCall(
      ServerContext* context,
      grpc::ServerReaderWriter<StreamingOutputCallResponse, StreamingOutputCallRequest>* stream) override {
    StreamingOutputCallRequest request;
    int received = 0, sent = 0;
    while (stream->Read(&request)) {
      received++;
      Status status = statusOf(request.response_status());
      if (!status.ok()) {
        return tell(context, "FullDuplexCall", status, received, sent);
      }
      sent += send(stream, request);
    }
    return tell(context, "FullDuplexCall", Status::OK, received, sent);
  }
};

void serve(const std::string& address) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  TestServer service;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) {
    std::exit(1);
  }
  std::printf("listening on %s\n", address.c_str());
  std::fflush(stdout);
  server->Wait();
}

void check(bool condition, const std::string& what) {
  if (!condition) {
    std::cerr << "failed: " << what << std::endl;
    std::exit(1);
  }
}

void expect(const Status& status, StatusCode code) {
  check(status.error_code() == code, std::to_string(status.error_code()) + " " + status.error_message());
}

StreamingOutputCallRequest outputRequest(const std::vector<int>& sizes, int size, int interval_us = 0) {
  StreamingOutputCallRequest request;
  for (int one : sizes) {
    ResponseParameters* parameters = request.add_response_parameters();
    parameters->set_size(one);
    parameters->set_interval_us(interval_us);
  }
  request.mutable_payload()->set_body(std::string(size, '\0'));
  return request;
}

class Cases {
 public:
  explicit Cases(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(TestService::NewStub(channel)), nobody_(UnimplementedService::NewStub(channel)) {}

  void run(const std::string& name) {
    const std::map<std::string, std::function<void()>> cases = {
        {"empty_unary", [this] { emptyUnary(); }},
        {"large_unary", [this] { largeUnary(); }},
        {"client_streaming", [this] { clientStreaming(); }},
        {"server_streaming", [this] { serverStreaming(); }},
        {"ping_pong", [this] { pingPong(); }},
        {"empty_stream", [this] { emptyStream(); }},
        {"status_code_and_message", [this] { statusCodeAndMessage(); }},
        {"unimplemented_method", [this] { unimplementedMethod(); }},
        {"unimplemented_service", [this] { unimplementedService(); }},
        {"cancel_after_first_response", [this] { cancelAfterFirstResponse(); }},
        {"deadline", [this] { deadline(); }}};
    cases.at(name)();
  }

 private:
  void emptyUnary() {
    grpc::ClientContext context;
    Empty answer;
    expect(stub_->EmptyCall(&context, Empty(), &answer), StatusCode::OK);
  }

  void largeUnary() {
    grpc::ClientContext context;
    SimpleRequest request;
    request.set_response_size(314159);
    request.mutable_payload()->set_body(std::string(271828, '\0'));
    SimpleResponse answer;
    expect(stub_->UnaryCall(&context, request, &answer), StatusCode::OK);
    check(answer.payload().body().size() == 314159, "size");
  }

  void clientStreaming() {
    grpc::ClientContext context;
    StreamingInputCallResponse answer;
    auto stream = stub_->StreamingInputCall(&context, &answer);
    for (int size : kRequestSizes) {
      StreamingInputCallRequest request;
      request.mutable_payload()->set_body(std::string(size, '\0'));
      check(stream->Write(request), "write");
    }
    stream->WritesDone();
    expect(stream->Finish(), StatusCode::OK);
    check(answer.aggregated_payload_size() == 74922, "size");
  }

  void serverStreaming() {
    grpc::ClientContext context;
    auto stream = stub_->StreamingOutputCall(&context, outputRequest(kResponseSizes, 0));
    StreamingOutputCallResponse answer;
    int received = 0;
    for (; stream->Read(&answer); received++) {
    }
    expect(stream->Finish(), StatusCode::OK);
    check(received == 4, "answers");
  }

  void pingPong() {
    grpc::ClientContext context;
    auto stream = stub_->FullDuplexCall(&context);
    StreamingOutputCallResponse answer;
    for (size_t i = 0; i < kRequestSizes.size(); i++) {
      check(stream->Write(outputRequest({kResponseSizes[i]}, kRequestSizes[i])), "write");
      check(stream->Read(&answer), "read");
    }
    stream->WritesDone();
    check(!stream->Read(&answer), "one answer more");
    expect(stream->Finish(), StatusCode::OK);
  }

  void emptyStream() {
    grpc::ClientContext context;
    auto stream = stub_->FullDuplexCall(&context);
    stream->WritesDone();
    StreamingOutputCallResponse answer;
    check(!stream->Read(&answer), "an answer");
    expect(stream->Finish(), StatusCode::OK);
  }

  void statusCodeAndMessage() {
    grpc::ClientContext context;
    SimpleRequest request;
    request.mutable_response_status()->set_code(StatusCode::UNKNOWN);
    SimpleResponse unused;
    expect(stub_->UnaryCall(&context, request, &unused), StatusCode::UNKNOWN);
    grpc::ClientContext second;
    auto stream = stub_->FullDuplexCall(&second);
    StreamingOutputCallRequest failing;
    failing.mutable_response_status()->set_code(StatusCode::UNKNOWN);
    check(stream->Write(failing), "write");
    stream->WritesDone();
    StreamingOutputCallResponse answer;
    check(!stream->Read(&answer), "an answer");
    expect(stream->Finish(), StatusCode::UNKNOWN);
  }

  void unimplementedMethod() {
    grpc::ClientContext context;
    Empty answer;
    expect(stub_->UnimplementedCall(&context, Empty(), &answer), StatusCode::UNIMPLEMENTED);
  }

  void unimplementedService() {
    grpc::ClientContext context;
    Empty answer;
    expect(nobody_->UnimplementedCall(&context, Empty(), &answer), StatusCode::UNIMPLEMENTED);
  }

  void cancelAfterFirstResponse() {
    grpc::ClientContext context;
    auto stream = stub_->FullDuplexCall(&context);
    check(stream->Write(outputRequest({31415}, 27182)), "write");
    StreamingOutputCallResponse answer;
    check(stream->Read(&answer), "read");
    context.TryCancel();
    expect(stream->Finish(), StatusCode::CANCELLED);
  }

  void deadline() {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(300));
    auto stream = stub_->StreamingOutputCall(&context, outputRequest({1}, 0, 900'000));
    StreamingOutputCallResponse answer;
    check(!stream->Read(&answer), "an answer in time");
    Status status = stream->Finish(); // CANCELLED when the server knew first that the time was up
    expect(status, status.error_code() == StatusCode::CANCELLED ? StatusCode::CANCELLED : StatusCode::DEADLINE_EXCEEDED);
  }

  std::unique_ptr<TestService::Stub> stub_;
  std::unique_ptr<UnimplementedService::Stub> nobody_;
};

void ask(const std::string& address) {
  Cases cases(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  std::cout << "ready" << std::endl;
  for (std::string name; std::getline(std::cin, name);) {
    cases.run(name);
    std::cout << "done " << name << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: grpc-cpp server|client HOST:PORT" << std::endl;
    return 2;
  }
  std::string(argv[1]) == "server" ? serve(argv[2]) : ask(argv[2]);
}
