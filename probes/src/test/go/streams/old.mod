module streams

go 1.26.0

require (
	golang.org/x/net v0.47.0
	google.golang.org/grpc v1.65.0
)

require (
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.31.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20240528184218-531527333157 // indirect
	google.golang.org/protobuf v1.34.1 // indirect
)
