package io.sonde.server;

import io.sonde.pipeline.accounting.Account;

/**
 * @param messages numbered messages of the captures: taken, missing or sent twice
 * @param records records in the blocks among them: handed to the pipeline or refused
 */
record ReceiverAccounts(Account messages, Account records) {}
