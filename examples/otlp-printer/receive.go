package main

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"

	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// maxBody bounds what one HTTP request may make us read, after decompression.
const maxBody = 20 << 20

type traceService struct {
	collectortrace.UnimplementedTraceServiceServer
	printer *printer
}

func (s *traceService) Export(_ context.Context, request *collectortrace.ExportTraceServiceRequest) (*collectortrace.ExportTraceServiceResponse, error) {
	s.printer.spans(request.ResourceSpans)
	return &collectortrace.ExportTraceServiceResponse{}, nil
}

type metricsService struct {
	collectormetrics.UnimplementedMetricsServiceServer
	printer *printer
}

func (s *metricsService) Export(_ context.Context, request *collectormetrics.ExportMetricsServiceRequest) (*collectormetrics.ExportMetricsServiceResponse, error) {
	s.printer.metrics(request.ResourceMetrics)
	return &collectormetrics.ExportMetricsServiceResponse{}, nil
}

func httpHandler(printer *printer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/traces", func(writer http.ResponseWriter, request *http.Request) {
		var traces collectortrace.ExportTraceServiceRequest
		if read(writer, request, &traces) {
			printer.spans(traces.ResourceSpans)
			reply(writer, &collectortrace.ExportTraceServiceResponse{})
		}
	})
	mux.HandleFunc("/v1/metrics", func(writer http.ResponseWriter, request *http.Request) {
		var metrics collectormetrics.ExportMetricsServiceRequest
		if read(writer, request, &metrics) {
			printer.metrics(metrics.ResourceMetrics)
			reply(writer, &collectormetrics.ExportMetricsServiceResponse{})
		}
	})
	return mux
}

// read decodes the body into message; when it cannot, it has answered why.
func read(writer http.ResponseWriter, request *http.Request, message proto.Message) bool {
	if request.Header.Get("Content-Type") != "application/x-protobuf" {
		http.Error(writer, "only application/x-protobuf is understood", http.StatusUnsupportedMediaType)
		return false
	}
	body := io.Reader(request.Body)
	if request.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(request.Body)
		if err != nil {
			http.Error(writer, err.Error(), http.StatusBadRequest)
			return false
		}
		body = unzipped
	}
	bytes, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err == nil && len(bytes) > maxBody {
		http.Error(writer, "more than 20 MiB", http.StatusRequestEntityTooLarge)
		return false
	}
	if err == nil {
		err = proto.Unmarshal(bytes, message)
	}
	if err != nil {
		http.Error(writer, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func reply(writer http.ResponseWriter, message proto.Message) {
	bytes, err := proto.Marshal(message)
	if err != nil {
		http.Error(writer, err.Error(), http.StatusInternalServerError)
		return
	}
	writer.Header().Set("Content-Type", "application/x-protobuf")
	writer.Write(bytes)
}
