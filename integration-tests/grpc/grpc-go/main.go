// gRPC's own interoperability service and test cases in grpc-go, beside its health and reflection services.
//
// usage: grpc-go server HOST:PORT [CERTIFICATE KEY]    prints a line "call METHOD STATUS REQUESTS RESPONSES" for each
//
//	grpc-go quiet-server HOST:PORT            does not print
//	grpc-go client HOST:PORT [CERTIFICATE]    reads names of test cases, one a line, all on one connection
//	grpc-go load HOST:PORT SECONDS STREAMS    empty calls, as many at once; prints how many, how many a second, p99 in ms
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/interop"
	testpb "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// call counts the messages of one call; it is told of from several goroutines.
type call struct {
	method    string
	requests  atomic.Int64
	responses atomic.Int64
}

type callKey struct{}

// calls prints what each call was, once it has ended.
type calls struct{}

func (calls) TagRPC(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	return context.WithValue(ctx, callKey{}, &call{method: info.FullMethodName[1:]})
}

func (calls) HandleRPC(ctx context.Context, event stats.RPCStats) {
	one := ctx.Value(callKey{}).(*call)
	switch event := event.(type) {
	case *stats.InPayload:
		one.requests.Add(1)
	case *stats.OutPayload:
		one.responses.Add(1)
	case *stats.End:
		code := status.Convert(event.Error).Code()
		fmt.Printf("call %s %d %d %d\n", one.method, code, one.requests.Load(), one.responses.Load())
	}
}

func (calls) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

func (calls) HandleConn(context.Context, stats.ConnStats) {}

func serve(address string, options ...grpc.ServerOption) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(options...)
	testpb.RegisterTestServiceServer(server, interop.NewTestServer())
	healthpb.RegisterHealthServer(server, health.NewServer())
	reflection.Register(server)
	fmt.Println("listening on", address)
	log.Fatal(server.Serve(listener))
}

// load is what one of the goroutines does that call until the time is up.
func load(client testpb.TestServiceClient, end time.Time) []time.Duration {
	var took []time.Duration
	for begin := time.Now(); begin.Before(end); begin = time.Now() {
		if _, err := client.EmptyCall(context.Background(), &testpb.Empty{}); err != nil {
			log.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	return took
}

func loadAll(connection *grpc.ClientConn, seconds, streams int) {
	client := testpb.NewTestServiceClient(connection)
	begin := time.Now()
	end := begin.Add(time.Duration(seconds) * time.Second)
	each := make(chan []time.Duration)
	for range streams {
		go func() { each <- load(client, end) }()
	}
	var all []time.Duration
	for range streams {
		all = append(all, <-each...)
	}
	rate := float64(len(all)) / time.Since(begin).Seconds()
	slices.Sort(all)
	fmt.Printf("%d %.1f %.3f\n", len(all), rate, all[len(all)*99/100].Seconds()*1000)
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func run(ctx context.Context, connection *grpc.ClientConn, name string) error {
	client := testpb.NewTestServiceClient(connection)
	switch name {
	case "empty_unary":
		interop.DoEmptyUnaryCall(ctx, client)
	case "large_unary":
		interop.DoLargeUnaryCall(ctx, client)
	case "client_streaming":
		interop.DoClientStreaming(ctx, client)
	case "server_streaming":
		interop.DoServerStreaming(ctx, client)
	case "ping_pong":
		interop.DoPingPong(ctx, client)
	case "empty_stream":
		interop.DoEmptyStream(ctx, client)
	case "custom_metadata":
		interop.DoCustomMetadata(ctx, client)
	case "status_code_and_message":
		interop.DoStatusCodeAndMessage(ctx, client)
	case "special_status_message":
		interop.DoSpecialStatusMessage(ctx, client)
	case "unimplemented_method":
		interop.DoUnimplementedMethod(ctx, connection)
	case "unimplemented_service":
		interop.DoUnimplementedService(ctx, testpb.NewUnimplementedServiceClient(connection))
	case "cancel_after_first_response":
		interop.DoCancelAfterFirstResponse(ctx, client)
	case "health":
		_, err := healthpb.NewHealthClient(connection).Check(ctx, &healthpb.HealthCheckRequest{})
		return err
	case "at_once":
		return atOnce(ctx, client)
	case "broken_unary":
		_, err := client.EmptyCall(ctx, &testpb.Empty{})
		return want(codes.Unavailable, err)
	case "broken_streaming":
		return broken(ctx, client)
	case "deadline": // interop's own gives it 1 ms, which may be over before anything is sent
		return sleep(ctx, client)
	default:
		return fmt.Errorf("no such test case")
	}
	return nil // interop ends the program when something is wrong
}

func want(code codes.Code, err error) error {
	if status.Code(err) != code {
		return fmt.Errorf("%v instead of %v", err, code)
	}
	return nil
}

func intervals(answers int, each time.Duration) []*testpb.ResponseParameters {
	var all []*testpb.ResponseParameters
	for range answers {
		all = append(all, &testpb.ResponseParameters{Size: 100, IntervalUs: int32(each.Microseconds())})
	}
	return all
}

// atOnce makes calls that are all under way together on the one connection, and differ in their ends: of every
// status one that fails before an answer, or does not; of every number of answers one that fails behind them and
// one that does not.
func atOnce(ctx context.Context, client testpb.TestServiceClient) error {
	var all []func() error
	for code := codes.OK; code <= codes.Unauthenticated; code++ {
		all = append(all, func() error {
			_, err := client.UnaryCall(ctx, &testpb.SimpleRequest{ResponseStatus: &testpb.EchoStatus{Code: int32(code)}})
			return want(code, err)
		})
	}
	for answers := 1; answers <= 8; answers++ {
		parameters := intervals(answers, 20*time.Millisecond)
		all = append(all, func() error {
			stream, err := client.StreamingOutputCall(ctx, &testpb.StreamingOutputCallRequest{ResponseParameters: parameters})
			if err != nil {
				return err
			}
			return received(answers, codes.OK, stream)
		}, func() error {
			stream, err := client.FullDuplexCall(ctx)
			if err != nil {
				return err
			}
			stream.Send(&testpb.StreamingOutputCallRequest{ResponseParameters: parameters})
			aborted := &testpb.EchoStatus{Code: int32(codes.Aborted)}
			stream.Send(&testpb.StreamingOutputCallRequest{ResponseStatus: aborted})
			stream.CloseSend()
			return received(answers, codes.Aborted, stream)
		})
	}
	ends := make(chan error)
	for _, one := range all {
		go func() { ends <- one() }()
	}
	var errs error
	for range all {
		errs = errors.Join(errs, <-ends)
	}
	return errs
}

// received waits for that many answers and then that end.
func received(answers int, end codes.Code, stream interface {
	Recv() (*testpb.StreamingOutputCallResponse, error)
}) error {
	for count := 0; ; count++ {
		_, err := stream.Recv()
		if err == nil {
			continue
		}
		if count != answers {
			return fmt.Errorf("%d answers instead of %d: %w", count, answers, err)
		}
		if err == io.EOF {
			err = nil
		}
		return want(end, err)
	}
}

// broken says when it has the first of two answers; the connection is to break before the second.
func broken(ctx context.Context, client testpb.TestServiceClient) error {
	parameters := append(intervals(1, 0), intervals(1, 10*time.Minute)...)
	stream, err := client.StreamingOutputCall(ctx, &testpb.StreamingOutputCallRequest{ResponseParameters: parameters})
	if err != nil {
		return err
	}
	if _, err = stream.Recv(); err != nil {
		return err
	}
	fmt.Println("answered")
	_, err = stream.Recv()
	return want(codes.Unavailable, err)
}

// sleep asks for an answer that comes after the deadline.
func sleep(ctx context.Context, client testpb.TestServiceClient) error {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	late := []*testpb.ResponseParameters{{Size: 1, IntervalUs: 900_000}}
	stream, err := client.StreamingOutputCall(ctx, &testpb.StreamingOutputCallRequest{ResponseParameters: late})
	if err == nil {
		_, err = stream.Recv()
	}
	// Canceled when the server knew first that the time was up
	if code := status.Code(err); code != codes.DeadlineExceeded && code != codes.Canceled {
		return fmt.Errorf("not late: %v", err)
	}
	return nil
}

func serveAsTold(address string, files []string) {
	options := []grpc.ServerOption{grpc.StatsHandler(calls{})}
	if len(files) == 2 {
		secure, err := credentials.NewServerTLSFromFile(files[0], files[1])
		if err != nil {
			log.Fatal(err)
		}
		options = append(options, grpc.Creds(secure))
	}
	serve(address, options...)
}

func connect(address string, secure bool) *grpc.ClientConn {
	trust := insecure.NewCredentials()
	if secure {
		trust = credentials.NewClientTLSFromCert(nil, "") // what SSL_CERT_FILE names
	}
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(trust))
	if err != nil {
		log.Fatal(err)
	}
	return connection
}

func runAsTold(connection *grpc.ClientConn) {
	fmt.Println("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if err := run(context.Background(), connection, lines.Text()); err != nil {
			log.Fatalf("%s: %v", lines.Text(), err)
		}
		fmt.Println("done", lines.Text())
	}
}

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: grpc-go server|quiet-server|client|load HOST:PORT ...")
	}
	address, more := os.Args[2], os.Args[3:]
	switch os.Args[1] {
	case "server":
		serveAsTold(address, more)
	case "quiet-server":
		serve(address)
	case "client":
		runAsTold(connect(address, len(more) > 0))
	case "load":
		loadAll(connect(address, false), number(more[0]), number(more[1]))
	}
}
