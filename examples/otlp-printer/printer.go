package main

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
	"time"

	common "go.opentelemetry.io/proto/otlp/common/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
)

// printer writes whole lines, one at a time, whichever connection they come from. A resource is printed
// when it is new.
type printer struct {
	mutex sync.Mutex
	out   io.Writer
	seen  map[string]bool
}

func newPrinter(out io.Writer) *printer {
	return &printer{out: out, seen: map[string]bool{}}
}

func (p *printer) line(format string, arguments ...interface{}) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	fmt.Fprintf(p.out, format+"\n", arguments...)
}

// resource prints r when it is new and returns the service's name.
func (p *printer) resource(r *resource.Resource) string {
	attributes := attributes(r.GetAttributes())
	p.mutex.Lock()
	known := p.seen[attributes]
	p.seen[attributes] = true
	p.mutex.Unlock()
	if !known {
		p.line("resource %s", attributes)
	}
	for _, attribute := range r.GetAttributes() {
		if attribute.Key == "service.name" {
			return attribute.Value.GetStringValue()
		}
	}
	return "unnamed"
}

func (p *printer) spans(batch []*trace.ResourceSpans) {
	for _, ofResource := range batch {
		service := p.resource(ofResource.Resource)
		for _, ofScope := range ofResource.ScopeSpans {
			for _, span := range ofScope.Spans {
				p.line("span %s %s %q %s status=%s trace=%x span=%x parent=%x %s",
					service,
					strings.TrimPrefix(span.Kind.String(), "SPAN_KIND_"),
					span.Name,
					time.Duration(span.EndTimeUnixNano-span.StartTimeUnixNano),
					strings.TrimPrefix(span.Status.GetCode().String(), "STATUS_CODE_"),
					span.TraceId, span.SpanId, span.ParentSpanId,
					attributes(span.Attributes))
			}
		}
	}
}

func (p *printer) metrics(batch []*metrics.ResourceMetrics) {
	for _, ofResource := range batch {
		service := p.resource(ofResource.Resource)
		for _, ofScope := range ofResource.ScopeMetrics {
			for _, metric := range ofScope.Metrics {
				p.metric(service, metric)
			}
		}
	}
}

func (p *printer) metric(service string, metric *metrics.Metric) {
	for _, point := range metric.GetHistogram().GetDataPoints() {
		p.line("metric %s %s unit=%s count=%d sum=%g %s",
			service, metric.Name, metric.Unit, point.Count, point.GetSum(), attributes(point.Attributes))
	}
	for _, point := range append(metric.GetSum().GetDataPoints(), metric.GetGauge().GetDataPoints()...) {
		value := point.GetAsDouble()
		if whole, ok := point.Value.(*metrics.NumberDataPoint_AsInt); ok {
			value = float64(whole.AsInt)
		}
		p.line("metric %s %s unit=%s value=%g %s",
			service, metric.Name, metric.Unit, value, attributes(point.Attributes))
	}
}

func attributes(list []*common.KeyValue) string {
	words := make([]string, 0, len(list))
	for _, attribute := range list {
		words = append(words, attribute.Key+"="+value(attribute.Value))
	}
	sort.Strings(words)
	return strings.Join(words, " ")
}

// value quotes strings: what was captured may hold line breaks or terminal controls.
func value(v *common.AnyValue) string {
	switch typed := v.GetValue().(type) {
	case *common.AnyValue_StringValue:
		return fmt.Sprintf("%q", typed.StringValue)
	case *common.AnyValue_IntValue:
		return fmt.Sprint(typed.IntValue)
	case *common.AnyValue_DoubleValue:
		return fmt.Sprint(typed.DoubleValue)
	case *common.AnyValue_BoolValue:
		return fmt.Sprint(typed.BoolValue)
	case *common.AnyValue_ArrayValue:
		parts := make([]string, 0, len(typed.ArrayValue.Values))
		for _, element := range typed.ArrayValue.Values {
			parts = append(parts, value(element))
		}
		return "[" + strings.Join(parts, ",") + "]"
	default:
		return fmt.Sprintf("%q", v.String())
	}
}
