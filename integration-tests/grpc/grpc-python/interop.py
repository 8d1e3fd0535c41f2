"""gRPC's interoperability service and test cases with grpcio, beside its health and reflection services.

usage: interop.py server HOST:PORT [CERTIFICATE KEY]  prints a line "call METHOD STATUS REQUESTS RESPONSES" for each
       interop.py client HOST:PORT [CERTIFICATE]      reads names of test cases, one a line, all on one connection
"""
import concurrent.futures
import sys
import time

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

messages, services = grpc.protos_and_services("interop.proto")

REQUEST_SIZES = (27182, 8, 1828, 45904)
RESPONSE_SIZES = (31415, 9, 2653, 58979)
UNKNOWN = messages.EchoStatus(code=2, message="test status message")


def say(line):
    sys.stdout.write(line + "\n")  # one write: threads do not tear it
    sys.stdout.flush()


class Call:
    """One that a handler here serves; told of when the handler is through, or gRPC ends the call under it."""

    def __init__(self, method, context):
        self.method, self.status, self.requests, self.responses, self.context = method, 0, 0, 0, context

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        status = self.status or (0 if self.context.is_active() else 1)  # cancelled; a deadline cancels as well
        say(f"call grpc.testing.TestService/{self.method} {status} {self.requests} {self.responses}")

    def received(self, requests):
        try:
            for request in requests:
                self.requests += 1
                yield request
        except grpc.RpcError:
            return  # the client cancelled

    def end_with(self, status):
        if status.code:
            self.status = status.code
            self.context.abort(next(code for code in grpc.StatusCode if code.value[0] == status.code), status.message)

    def send(self, parameters):
        for one in parameters:
            time.sleep(one.interval_us / 1e6)
            yield messages.StreamingOutputCallResponse(payload=messages.Payload(body=bytes(one.size)))
            self.responses += 1  # not when the call ended instead


class TestService(services.TestServiceServicer):
    def EmptyCall(self, request, context):
        with Call("EmptyCall", context) as call:
            call.requests = call.responses = 1
            return messages.Empty()

    def UnaryCall(self, request, context):
        with Call("UnaryCall", context) as call:
            call.requests = 1
            call.end_with(request.response_status)
            call.responses = 1
            return messages.SimpleResponse(payload=messages.Payload(body=bytes(request.response_size)))

    def StreamingOutputCall(self, request, context):
        with Call("StreamingOutputCall", context) as call:
            call.requests = 1
            yield from call.send(request.response_parameters)

    def StreamingInputCall(self, requests, context):
        with Call("StreamingInputCall", context) as call:
            size = sum(len(request.payload.body) for request in call.received(requests))
            call.responses = 1
            return messages.StreamingInputCallResponse(aggregated_payload_size=size)

    def FullDuplexCall(self, requests, context):
        with Call("FullDuplexCall", context) as call:
            for request in call.received(requests):
                call.end_with(request.response_status)
                yield from call.send(request.response_parameters)


def content(file):
    with open(file, "rb") as opened:
        return opened.read()


def serve(address, certificate=None, key=None):
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(8))
    services.add_TestServiceServicer_to_server(TestService(), server)
    # UnimplementedCall is in the file, so that it is served, by a handler that says UNIMPLEMENTED
    health_pb2_grpc.add_HealthServicer_to_server(health.HealthServicer(), server)
    reflection.enable_server_reflection((health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    if certificate:
        server.add_secure_port(address, grpc.ssl_server_credentials([(content(key), content(certificate))]))
    else:
        server.add_insecure_port(address)
    server.start()
    say(f"listening on {address}")
    server.wait_for_termination()


def payload(size):
    return messages.Payload(body=bytes(size))


def output_request(*sizes, interval_us=0, size=0):
    parameters = [messages.ResponseParameters(size=one, interval_us=interval_us) for one in sizes]
    return messages.StreamingOutputCallRequest(response_parameters=parameters, payload=payload(size))


def check(condition, what):
    if not condition:
        sys.exit(f"failed: {what}")


def fails_with(codes, call):
    try:
        call()
    except grpc.RpcError as error:
        check(error.code() in codes, f"{error.code()} instead of {codes}")
    else:
        sys.exit(f"failed: no {codes}")


class Cases:
    def __init__(self, channel):
        self.stub = services.TestServiceStub(channel)
        self.unimplemented = services.UnimplementedServiceStub(channel)
        self.healths = health_pb2_grpc.HealthStub(channel)

    def empty_unary(self):
        self.stub.EmptyCall(messages.Empty())

    def large_unary(self):
        answer = self.stub.UnaryCall(messages.SimpleRequest(response_size=314159, payload=payload(271828)))
        check(len(answer.payload.body) == 314159, "size")

    def client_streaming(self):
        requests = (messages.StreamingInputCallRequest(payload=payload(size)) for size in REQUEST_SIZES)
        check(self.stub.StreamingInputCall(requests).aggregated_payload_size == sum(REQUEST_SIZES), "size")

    def server_streaming(self):
        answers = self.stub.StreamingOutputCall(output_request(*RESPONSE_SIZES))
        check(tuple(len(answer.payload.body) for answer in answers) == RESPONSE_SIZES, "sizes")

    def ping_pong(self):
        answers = self.stub.FullDuplexCall(iter([output_request(answer, size=request)
                                                 for request, answer in zip(REQUEST_SIZES, RESPONSE_SIZES)]))
        check(len(list(answers)) == 4, "answers")

    def empty_stream(self):
        check(not list(self.stub.FullDuplexCall(iter(()))), "an answer")

    def status_code_and_message(self):
        fails_with((grpc.StatusCode.UNKNOWN,),
                   lambda: self.stub.UnaryCall(messages.SimpleRequest(response_status=UNKNOWN)))
        request = messages.StreamingOutputCallRequest(response_status=UNKNOWN)
        fails_with((grpc.StatusCode.UNKNOWN,), lambda: list(self.stub.FullDuplexCall(iter((request,)))))

    def unimplemented_method(self):
        fails_with((grpc.StatusCode.UNIMPLEMENTED,), lambda: self.stub.UnimplementedCall(messages.Empty()))

    def unimplemented_service(self):
        fails_with((grpc.StatusCode.UNIMPLEMENTED,), lambda: self.unimplemented.UnimplementedCall(messages.Empty()))

    def cancel_after_first_response(self):
        def requests():
            yield output_request(31415, size=27182)
            time.sleep(20)  # the call is cancelled long before

        answers = self.stub.FullDuplexCall(requests())
        next(answers)
        answers.cancel()
        fails_with((grpc.StatusCode.CANCELLED,), lambda: next(answers))

    def deadline(self):
        request = output_request(1, interval_us=900_000)
        # cancelled when the server knew first that the time was up
        fails_with((grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED),
                   lambda: list(self.stub.StreamingOutputCall(request, timeout=0.3)))

    def broken_unary(self):
        fails_with((grpc.StatusCode.UNAVAILABLE,), lambda: self.stub.EmptyCall(messages.Empty()))

    def broken_streaming(self):
        """The connection is to break before the second answer."""
        request = messages.StreamingOutputCallRequest(response_parameters=(
            messages.ResponseParameters(size=100), messages.ResponseParameters(size=100, interval_us=600_000_000)))
        answers = self.stub.StreamingOutputCall(request)
        next(answers)
        say("answered")
        fails_with((grpc.StatusCode.UNAVAILABLE,), lambda: next(answers))

    def health(self):
        self.healths.Check(health_pb2.HealthCheckRequest())


def connect(address, certificate=None):
    if certificate:
        return grpc.secure_channel(address, grpc.ssl_channel_credentials(content(certificate)))
    return grpc.insecure_channel(address)


def ask(address, *certificate):
    with connect(address, *certificate) as channel:
        cases = Cases(channel)
        say("ready")
        for line in sys.stdin:
            getattr(cases, line.strip())()
            say(f"done {line.strip()}")


(serve if sys.argv[1] == "server" else ask)(*sys.argv[2:])
