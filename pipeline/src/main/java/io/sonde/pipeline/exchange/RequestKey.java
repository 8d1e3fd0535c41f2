package io.sonde.pipeline.exchange;

/** Names a request while it is served, before there is an exchange: equal to nothing but itself. */
public final class RequestKey {}
