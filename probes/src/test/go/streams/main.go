// Serves paths below, each of which asks one of its own servers of HTTP/2 or gRPC; says on standard output which goroutine
// asks and which one answers.
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/h2c"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// As a stack trace names the running goroutine.
func goid() string {
	stack := make([]byte, 64)
	return string(bytes.Fields(stack[:runtime.Stack(stack, false)])[1])
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	return listener
}

func answer(w http.ResponseWriter, r *http.Request) {
	fmt.Println("answers", goid())
}

func ask(client *http.Client, address net.Addr) {
	fmt.Println("asks", goid())
	response, err := client.Get("http://" + address.String() + "/")
	check(err)
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}

// What net/http has within.
func standard() http.HandlerFunc {
	protocols := &http.Protocols{}
	protocols.SetUnencryptedHTTP2(true)
	listener := listen()
	server := &http.Server{Handler: http.HandlerFunc(answer), Protocols: protocols}
	go server.Serve(listener)
	client := &http.Client{Transport: &http.Transport{Protocols: protocols}}
	return func(w http.ResponseWriter, r *http.Request) { ask(client, listener.Addr()) }
}

func extended() http.HandlerFunc {
	listener := listen()
	go http.Serve(listener, h2c.NewHandler(http.HandlerFunc(answer), &http2.Server{}))
	dial := func(ctx context.Context, network, address string, _ *tls.Config) (net.Conn, error) {
		return net.Dial(network, address)
	}
	client := &http.Client{Transport: &http2.Transport{AllowHTTP: true, DialTLSContext: dial}}
	return func(w http.ResponseWriter, r *http.Request) { ask(client, listener.Addr()) }
}

func rpc() http.HandlerFunc {
	listener := listen()
	server := grpc.NewServer(grpc.UnaryInterceptor(
		func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			fmt.Println("answers", goid())
			return handler(ctx, request)
		}))
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	go server.Serve(listener)
	connection, err := grpc.Dial(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	client := grpc_health_v1.NewHealthClient(connection)
	return func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("asks", goid())
		_, err := client.Check(r.Context(), &grpc_health_v1.HealthCheckRequest{})
		check(err)
	}
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/standard", standard())
	mux.HandleFunc("/extended", extended())
	mux.HandleFunc("/rpc", rpc())
	listener := listen()
	fmt.Println("listens", listener.Addr())
	panic(http.Serve(listener, mux))
}
