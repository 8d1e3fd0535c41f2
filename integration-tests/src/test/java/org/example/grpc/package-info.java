/** gRPC's interoperability service and test cases in grpc-java, to be started as programs. */
package org.example.grpc;
