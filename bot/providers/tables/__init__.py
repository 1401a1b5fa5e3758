"""Tables that other people wrote: from the bytes of a file to columns of days and numbers, decided and checked."""
