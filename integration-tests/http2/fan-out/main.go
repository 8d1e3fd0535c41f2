// A service that calls another one in the ways Go programs do. What it is asked carries an id, what it calls carries
// the same one, so that the request every call was made for is known.
//
// usage: fan-out HTTP-HOST:PORT GRPC-HOST:PORT
//
//	asked: GET /fan/HOW/BY/ID?http=HOST:PORT&grpc=HOST:PORT over HTTP/1 and HTTP/2 without TLS,
//	       or gRPC's method fan.HOW.BY/ID with metadata "http" and "grpc"
//	calls: GET /called/ID/N, or gRPC's method called.ID/N, which it answers as well
//
// HOW and BY are the keys of the maps ways and callers.
package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

const several = 3

// asked is what a request wants to be done for it.
type asked struct {
	how, by, id string
	http, grpc  string // whom to call
}

// call makes the call of that number, and ends the program when it is not answered.
func (a asked) call(number int) {
	if err := callers[a.by](a, number); err != nil {
		log.Fatalf("%+v: %v", a, err)
	}
}

// ways are how calls come about; each returns when the request can be answered.
var ways = map[string]func(asked){
	"itself": func(a asked) { a.call(0) },
	"goroutines": func(a asked) {
		var all sync.WaitGroup
		for number := range several {
			all.Go(func() { a.call(number) })
		}
		all.Wait()
	},
	"nested": func(a asked) {
		done := make(chan struct{})
		go func() {
			go func() {
				a.call(0)
				close(done)
			}()
		}()
		<-done
	},
	"errgroup": func(a asked) {
		var group errgroup.Group
		group.SetLimit(2)
		for number := range several {
			group.Go(func() error {
				a.call(number)
				return nil
			})
		}
		group.Wait()
	},
	"background": func(a asked) { // after the answer
		go func() {
			time.Sleep(50 * time.Millisecond)
			a.call(0)
		}()
	},
	"pool": func(a asked) { // by a goroutine that is older than the request
		done := make(chan struct{})
		pool <- func() {
			a.call(0)
			close(done)
		}
		<-done
	},
}

var pool = make(chan func())

func work() {
	for task := range pool {
		task()
	}
}

// once makes one client for each address.
func once[T any](create func(address string) T) func(address string) T {
	var mutex sync.Mutex
	made := map[string]T{}
	return func(address string) T {
		mutex.Lock()
		defer mutex.Unlock()
		if _, there := made[address]; !there {
			made[address] = create(address)
		}
		return made[address]
	}
}

func plainHTTP2() *http.Protocols {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return protocols
}

func overHTTP(client *http.Client) func(asked, int) error {
	return func(a asked, number int) error {
		answer, err := client.Get(fmt.Sprintf("http://%s/called/%s/%d", a.http, a.id, number))
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	}
}

var connections = once(func(address string) *grpc.ClientConn {
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	return connection
})

// callers are the clients that calls are made with.
var callers = map[string]func(asked, int) error{
	"h1": overHTTP(&http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}),
	"h2": overHTTP(&http.Client{Transport: &http.Transport{Protocols: plainHTTP2()}}),
	"xnet": overHTTP(&http.Client{Transport: &http2.Transport{
		AllowHTTP: true,
		DialTLSContext: func(ctx context.Context, network, address string, _ *tls.Config) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}}),
	"grpc": func(a asked, number int) error {
		method := fmt.Sprintf("/called.%s/%d", a.id, number)
		return connections(a.grpc).Invoke(context.Background(), method, &emptypb.Empty{}, &emptypb.Empty{})
	},
}

func serveHTTP(writer http.ResponseWriter, request *http.Request) {
	parts := strings.Split(request.URL.Path, "/")
	if parts[1] == "fan" && len(parts) == 5 {
		query := request.URL.Query()
		a := asked{how: parts[2], by: parts[3], id: parts[4], http: query.Get("http"), grpc: query.Get("grpc")}
		ways[a.how](a)
	}
	fmt.Printf("served %s\n", request.URL.Path)
}

func serveGRPC(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	service, id, _ := strings.Cut(method[1:], "/")
	if err := stream.RecvMsg(&emptypb.Empty{}); err != nil {
		return err
	}
	if parts := strings.Split(service, "."); parts[0] == "fan" && len(parts) == 3 {
		given, _ := metadata.FromIncomingContext(stream.Context())
		if len(given.Get("http")) != 1 || len(given.Get("grpc")) != 1 {
			return status.Error(codes.InvalidArgument, "whom to call?")
		}
		a := asked{how: parts[1], by: parts[2], id: id, http: given.Get("http")[0], grpc: given.Get("grpc")[0]}
		ways[a.how](a)
	}
	fmt.Printf("served %s\n", method)
	return stream.SendMsg(&emptypb.Empty{})
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: fan-out HTTP-HOST:PORT GRPC-HOST:PORT")
	}
	for range several {
		go work()
	}
	listener, err := net.Listen("tcp", os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(grpc.NewServer(grpc.UnknownServiceHandler(serveGRPC)).Serve(listener)) }()
	protocols := plainHTTP2()
	protocols.SetHTTP1(true)
	server := http.Server{Addr: os.Args[1], Handler: http.HandlerFunc(serveHTTP), Protocols: protocols}
	fmt.Println("listening on", os.Args[1])
	log.Fatal(server.ListenAndServe())
}
