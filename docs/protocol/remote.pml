/*
 * remote.pml: a local tier above a keyed one that is reached by messages.
 *
 * One key. Messages are delayed and overtake each other (each is delivered at any later time), are delivered twice (one
 * may stay in flight) or lost; so are answers: the sender times out and knows nothing. The node may go away and come
 * back with what it held. The directory is local; slots of the local tier are tmem.pml's.
 *
 * Every copy goes under a fresh copy id (Tier.put: copyIds), never under its stamp: the same stamp may go down, up and
 * down again while the free of its first copy is still on its way (BUG 1).
 *
 * Options (spin -D...): PERSISTENT, BUG=n (README.md), PUTS MOVES READS FLUSHES: sizes
 */
#ifndef BUG
#define BUG 0
#endif
#ifndef MOVES
#define MOVES 3
#endif
#ifndef PUTS
#define PUTS 2
#endif
#ifndef READS
#define READS 1
#endif
#ifndef FLUSHES
#define FLUSHES 1
#endif
#define IDS 8                               /* ids come from one counter: stamps and copy ids */
#define BIT(s) (1 << (s))

/* Names of what is asserted; pan prints them. */
hidden byte NO_SILENT_MISS = 1, RIGHT_BYTES = 1, NOT_DEAD = 1, NO_DANGLING_ENTRY = 1, NO_LEAK = 1;
#define LAW(name, truth) assert(name && (truth))

/* ---- the remote node and the wire (masks over ids) ---- */
byte stored;                  /* ids that the node holds */
byte storeInFlight, flushInFlight, storeAcked;
bool reachable = 1;
byte outages = 1;             /* how often the node may still vanish */
byte contentOf[IDS];          /* which put's bytes were sent under an id */
byte backlog;                 /* frees that we owe the node: repeated until acknowledged */

/* ---- directory ---- */
byte eStamp;                  /* 0 = absent */
byte eCopy;                   /* 0 = local copy; else the id at the node */
byte lastId;
byte inOperation;             /* ids sent by operations that have not yet swung or given up */

/* ---- ghosts ---- */
byte ended, accepted, dead, excused;
byte before[IDS];
byte finished;

inline owe(id) { backlog = backlog | BIT(id) }

/* One RPC: send, then either the acknowledgement arrives or we time out, knowing nothing. */
inline store(id, ok) {
  atomic { storeInFlight = storeInFlight | BIT(id); storeAcked = storeAcked & ~BIT(id) }
  atomic {
    if
    :: (storeAcked & BIT(id)) != 0 -> ok = 1
    :: ok = 0                               /* time-out, or the acknowledgement is lost */
    fi
  }
}

proctype network() {
  byte id;
end:
  do
  :: reachable && storeInFlight != 0 -> atomic {
       id = 1;
       do :: id < IDS - 1 -> id++ :: (storeInFlight & BIT(id)) != 0 -> break
          :: id == IDS - 1 && (storeInFlight & BIT(id)) == 0 -> id = 0; break od;
       if :: id != 0 ->
             stored = stored | BIT(id); storeAcked = storeAcked | BIT(id);
             if :: storeInFlight = storeInFlight & ~BIT(id) :: skip /* duplicated */ fi
          :: else fi;
       id = 0 }
  :: storeInFlight != 0 -> atomic {         /* lost */
       id = 1;
       do :: id < IDS - 1 -> id++ :: (storeInFlight & BIT(id)) != 0 -> break
          :: id == IDS - 1 && (storeInFlight & BIT(id)) == 0 -> break od;
       storeInFlight = storeInFlight & ~BIT(id); id = 0 }
  :: backlog != 0 -> flushInFlight = flushInFlight | backlog
  :: reachable && flushInFlight != 0 -> atomic {
       id = 1;
       do :: id < IDS - 1 -> id++ :: (flushInFlight & BIT(id)) != 0 -> break
          :: id == IDS - 1 && (flushInFlight & BIT(id)) == 0 -> id = 0; break od;
       if :: id != 0 ->
             stored = stored & ~BIT(id); backlog = backlog & ~BIT(id);
             if :: flushInFlight = flushInFlight & ~BIT(id) :: skip /* duplicated */ fi
          :: else fi;
       id = 0 }
  :: reachable && outages > 0 -> atomic { reachable = 0; outages-- }
  :: !reachable -> reachable = 1            /* back, with its old contents */
#if BUG == 5                                /* the sweep removes ids that an operation is about to swing to */
  :: reachable -> atomic { stored = stored & (eCopy != 0 -> BIT(eCopy) : 0) }
#else                                       /* the sweep: only ids that neither the entry nor an operation names */
  :: reachable -> atomic { stored = stored & ((eCopy != 0 -> BIT(eCopy) : 0) | inOperation) }
#endif
  od
}

proctype putter(byte puts) {
  byte stamp, copy, old; bool ok, kept;
  do
  :: puts > 0 ->
     atomic { puts--; lastId++; stamp = lastId; before[stamp] = ended; copy = 0; ok = 0; old = 0 }
     if
     :: kept = 1                            /* the local tier takes it */
     :: kept = 0;                           /* local full: forward to the remote tier */
        atomic {
#if BUG == 1
          copy = stamp;
#else
          lastId++; copy = lastId;
#endif
          contentOf[copy] = stamp; inOperation = inOperation | BIT(copy)
        }
        store(copy, ok)
     fi;
     atomic {
       if
       :: kept || ok ->
          old = eCopy; eStamp = stamp; eCopy = copy;
          accepted = accepted | BIT(stamp); ended = ended | BIT(stamp); dead = dead | before[stamp]
       :: else ->                           /* rejected or unknown: older entry goes, the copy is owed a free */
          old = eCopy;
#if BUG != 3
          eStamp = 0; eCopy = 0;
#else
          old = 0;
#endif
          excused = excused | (ended & (BIT(stamp) - 1));
          ended = ended | BIT(stamp); dead = dead | before[stamp] | BIT(stamp);
#if BUG != 4                                /* BUG 4: a time-out is taken for "not stored" */
          owe(copy)
#endif
       fi;
       inOperation = inOperation & ~BIT(copy);
       if :: old != 0 -> owe(old) :: else fi;
       stamp = 0; copy = 0; old = 0; ok = 0; kept = 0
     }
  :: else -> break
  od;
  finished++
}

proctype flusher(byte flushes) {
  do
  :: flushes > 0 -> atomic {
       flushes--;
       if :: eCopy != 0 -> owe(eCopy) :: else fi;
       eStamp = 0; eCopy = 0; dead = dead | ended; excused = excused | ended
     }
  :: else -> break
  od;
  finished++
}

proctype mover(byte moves) {                /* down when local, up when remote */
  byte stamp, from, copy, bytes; bool ok;
  do
  :: moves > 0 ->
     atomic {
       moves--; stamp = eStamp; from = eCopy; ok = 0;
       if
       :: stamp != 0 && from == 0 ->
#if BUG == 1                                /* the stamp is the key at the node */
          copy = stamp;
#else
          lastId++; copy = lastId;
#endif
          contentOf[copy] = stamp; inOperation = inOperation | BIT(copy)
       :: else
       fi
     }
     if
     :: stamp != 0 && from == 0 ->          /* demotion */
        store(copy, ok);
        atomic {
          if
          :: (ok || BUG == 6) && eStamp == stamp && eCopy == 0 -> eCopy = copy
          :: else -> owe(copy)              /* lost the race, or outcome unknown */
          fi;
          inOperation = inOperation & ~BIT(copy)
        }
     :: stamp != 0 && from != 0 ->          /* promotion */
        atomic {
          if :: reachable && (stored & BIT(from)) != 0 -> ok = 1; bytes = contentOf[from] :: else -> ok = 0 fi
        }
        atomic {
          if :: ok && eStamp == stamp && eCopy == from -> LAW(RIGHT_BYTES, bytes == stamp); eCopy = 0; owe(from) :: else fi
        }
     :: else
     fi;
     atomic { stamp = 0; from = 0; copy = 0; ok = 0; bytes = 0 }
  :: else -> break
  od;
  finished++
}

proctype reader(byte reads) {
  byte stamp, copy, deadAtBegin, endedAtBegin; bool fresh, hit, up;
  do
  :: reads > 0 ->
     fresh = 1;
again:
     atomic {
       if :: fresh -> fresh = 0; reads--; deadAtBegin = dead; endedAtBegin = ended :: else fi;
       stamp = eStamp; copy = eCopy;
       if
       :: stamp == 0 ->
#ifdef PERSISTENT
          LAW(NO_SILENT_MISS, (accepted & endedAtBegin & ~excused) == 0);
#endif
          dead = dead | endedAtBegin                                /* L2 */
       :: else
       fi
     }
     if
     :: stamp != 0 ->
        atomic { up = reachable; hit = (copy == 0 || (stored & BIT(copy)) != 0) }
        atomic {
          if
          :: eStamp != stamp || eCopy != copy -> goto again         /* second look */
          :: else ->
             if
             :: copy != 0 && !up ->                                 /* time-out */
#ifndef PERSISTENT
#if BUG != 2                                /* BUG 2: miss without fencing: the entry stays */
                eStamp = 0; eCopy = 0; owe(copy);
#endif
                dead = dead | endedAtBegin                          /* a miss: L2 */
#else
                skip                                                /* unavailable: said, not a miss */
#endif
             :: (copy == 0 || up) && hit ->
                LAW(RIGHT_BYTES, copy == 0 || contentOf[copy] == stamp);
                LAW(NOT_DEAD, (deadAtBegin & BIT(stamp)) == 0);        /* L1 L2 L3 L4 */
                ended = ended | BIT(stamp); dead = dead | before[stamp]
             :: copy != 0 && up && !hit ->
                LAW(NO_DANGLING_ENTRY, false)                       /* the node never loses a copy of itself */
             fi
          fi
        }
     :: else
     fi;
     atomic { stamp = 0; copy = 0; hit = 0; up = 0; deadAtBegin = 0; endedAtBegin = 0 }
  :: else -> break
  od;
  finished++
}

init {
  atomic { run network(); run putter(PUTS); run flusher(FLUSHES); run mover(MOVES); run reader(READS) }
  /* quiescence: the wire is empty, the owed frees are done, a sweep has run */
#if BUG == 7 || BUG == 4                    /* 7: nobody sweeps after late stores */
  finished == 4 && storeInFlight == 0 && flushInFlight == 0 && backlog == 0;
#else
  finished == 4 && storeInFlight == 0 && flushInFlight == 0 && backlog == 0 && reachable;
  stored = stored & (eCopy != 0 -> BIT(eCopy) : 0);
#endif
  LAW(NO_LEAK, (stored & ~(eCopy != 0 -> BIT(eCopy) : 0)) == 0);
  LAW(NO_DANGLING_ENTRY, stored == (eCopy != 0 -> BIT(eCopy) : 0))
}
