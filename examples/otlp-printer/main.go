// A small OTLP endpoint: prints every span and metric it is sent, one line each. For the demo and for
// looking at what Sonde sends; a Collector does the real work.
//
// usage: otlp-printer [-grpc HOST:PORT] [-http HOST:PORT]
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"os"

	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip" // clients may compress
)

func main() {
	grpcAddress := flag.String("grpc", "127.0.0.1:4317", "where to listen for OTLP/gRPC")
	httpAddress := flag.String("http", "127.0.0.1:4318", "where to listen for OTLP/HTTP")
	flag.Parse()

	printer := newPrinter(os.Stdout)
	grpcListener, err := net.Listen("tcp", *grpcAddress)
	if err != nil {
		log.Fatal(err)
	}
	httpListener, err := net.Listen("tcp", *httpAddress)
	if err != nil {
		log.Fatal(err)
	}

	server := grpc.NewServer()
	collectortrace.RegisterTraceServiceServer(server, &traceService{printer: printer})
	collectormetrics.RegisterMetricsServiceServer(server, &metricsService{printer: printer})
	printer.line("listening on %s (gRPC) and %s (HTTP)", grpcListener.Addr(), httpListener.Addr())
	go func() { log.Fatal(http.Serve(httpListener, httpHandler(printer))) }()
	log.Fatal(server.Serve(grpcListener))
}
