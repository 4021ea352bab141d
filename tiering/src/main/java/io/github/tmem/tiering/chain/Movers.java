package io.github.tmem.tiering.chain;

/** Those who move pages between the tiers of one chain. */
record Movers(Mover mover, Victims victims, RoomMaker roomMaker) {}
