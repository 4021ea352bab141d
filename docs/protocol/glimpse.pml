/*
 * glimpse.pml: looks without the lock (decision 11), one field at a time.
 *
 * Two keys of one object, X and Y, each with one writer that puts, overwrites and flushes; a mover; and a get of X that
 * takes no lock. Entries and slots are used again at once, by either key. Every read and write of a field is a step of
 * its own. A stale hash chain may lead the get to any entry, so it begins at any.
 *
 * Contents are stamps, and so is the checksum: a copy is intact if it is one stamp, and the one that the entry tells of.
 * Memory is sequentially consistent here; the fences that Java needs are in EntryTable and Shard.
 *
 * Options (spin -D...):
 *   OPS_X OPS_Y MOVES READS ENTRIES SLOTS   sizes; an operation of a writer is a put or a flush
 *   SAME_NAMES                              a slot has the same locator every time (its generation wrapped at once)
 *   NO_CHECKSUM                             every copy passes for intact
 *   BUG=n                                   plants one bug, see README.md
 */
#ifndef BUG
#define BUG 0
#endif
#ifndef OPS_X
#define OPS_X 2
#endif
#ifndef OPS_Y
#define OPS_Y 2
#endif
#ifndef MOVES
#define MOVES 1
#endif
#ifndef READS
#define READS 1
#endif
#ifndef ENTRIES
#define ENTRIES 2
#endif
#ifndef SLOTS
#define SLOTS 3
#endif
#ifdef NO_CHECKSUM
#define INTACT true
#else
#define INTACT (a == c)
#endif
#define X 1
#define Y 2
#define BIT(s) (1 << (s))
#ifdef SAME_NAMES
#define SLOT(locator) ((locator) - 1)
#else
#define SLOT(locator) (((locator) - 1) % SLOTS)
#endif

/* Names of what is asserted; pan prints them. */
hidden byte ONE_PAGE = 1, RIGHT_KEY = 1, NOT_DEAD = 1, NO_FALSE_LOSS = 1, OWN_COPY = 1;
#define LAW(name, truth) assert(name && (truth))

/* ---- an entry's fields, and who may change them ---- */
byte index[ENTRIES + 1], stamp[ENTRIES + 1], locator[ENTRIES + 1], crc[ENTRIES + 1];
byte keyEntry[3];             /* the hash chains: the entry of each key, 0 = none; under the lock */
byte taken;                   /* mask of entries that are not on the free list */
bit locked;

/* ---- the tier ---- */
byte owner[SLOTS];            /* stamp for which the slot is taken; 0 = free */
byte content[SLOTS];
byte generations;             /* counts copies, so that a locator is a new name */

/* ---- ghosts ---- */
byte lastStamp;
byte keyOf[10];               /* the key of each stamp */
int dead;                     /* stamps that no get beginning now may deliver */

#define LOCK   atomic { !locked -> locked = 1 }
#define UNLOCK locked = 0

inline storeCopy(bytes, name) {             /* inside an atomic; 0 = full */
  i = 0; name = 0;
  do
  :: i < SLOTS && owner[i] == 0 -> break
  :: i < SLOTS && owner[i] != 0 -> i++
  :: i == SLOTS -> break
  od;
  if
  :: i < SLOTS -> owner[i] = bytes; content[i] = bytes;
#ifdef SAME_NAMES
     name = i + 1
#else
     name = generations * SLOTS + i + 1; generations++
#endif
  :: else
  fi;
  i = 0
}

inline freeCopy(name, bytes) {
  atomic { LAW(OWN_COPY, owner[SLOT(name)] == bytes); owner[SLOT(name)] = 0 }
}

proctype writer(byte key, ops) {
  byte e, s, name, old, oldStamp, i;
  do
  :: ops > 0 && keyEntry[key] == 0 ->       /* a put of a key that is not there: an entry of its own */
     atomic {
       ops--; lastStamp++; s = lastStamp; keyOf[s] = key;
       e = 1;
       do :: e <= ENTRIES && (taken & BIT(e)) != 0 -> e++ :: else -> break od;
       if :: e <= ENTRIES -> taken = taken | BIT(e); storeCopy(s, name) :: else -> name = 0 fi
     }
     if
     :: name != 0 ->
        index[e] = key;                     /* Directory.fillIn, without the lock */
        locator[e] = name;
        crc[e] = s;
        LOCK;
        keyEntry[key] = e;
        stamp[e] = s;                       /* Shard.link: the stamp last */
        UNLOCK
     :: else -> atomic { if :: e <= ENTRIES -> taken = taken & ~BIT(e) :: else fi }
     fi;
     atomic { e = 0; s = 0; name = 0 }
  :: ops > 0 && keyEntry[key] != 0 ->       /* an overwrite in place */
     atomic { ops--; lastStamp++; s = lastStamp; keyOf[s] = key; storeCopy(s, name) }
     if
     :: name != 0 ->
        LOCK;
        e = keyEntry[key]; old = locator[e]; oldStamp = stamp[e];
#if BUG == 5                                /* the stamp first, then the place */
        atomic { stamp[e] = s; dead = dead | BIT(oldStamp) }
        locator[e] = name;
        crc[e] = s;
#else
#if BUG != 2                                /* BUG 2: the stamp stays while the place changes */
        stamp[e] = 0;
#endif
        locator[e] = name;
        crc[e] = s;
        atomic { stamp[e] = s; dead = dead | BIT(oldStamp) }
#endif
        UNLOCK;
        freeCopy(old, oldStamp)
     :: else
     fi;
     atomic { e = 0; s = 0; name = 0; old = 0; oldStamp = 0 }
  :: ops > 0 && keyEntry[key] != 0 ->       /* a flush */
     atomic { ops--; !locked -> locked = 1 }
     atomic { e = keyEntry[key]; old = locator[e]; oldStamp = stamp[e]; keyEntry[key] = 0 }
#if BUG == 6                                /* an unlinked entry keeps its stamp */
     dead = dead | BIT(oldStamp);
#else
     atomic { stamp[e] = 0; dead = dead | BIT(oldStamp) }
#endif
     UNLOCK;
     freeCopy(old, oldStamp);
     atomic { taken = taken & ~BIT(e); e = 0; old = 0; oldStamp = 0 }
  :: ops == 0 -> break
  od
}

proctype mover(byte moves) {
  byte e, s, from, to, i, bytes;
  do
  :: moves > 0 ->
     atomic {                               /* look, copy, store: the copies' own races are tmem.pml's */
       !locked -> moves--; e = keyEntry[X]; to = 0;
       if :: e != 0 -> s = stamp[e]; from = locator[e]; storeCopy(s, to) :: else fi
     }
     if
     :: to != 0 ->
        LOCK;
        if
        :: stamp[e] == s && locator[e] == from ->
#if BUG != 2
           stamp[e] = 0;
#endif
           locator[e] = to;
           stamp[e] = s
        :: else -> from = to
        fi;
        UNLOCK;
        freeCopy(from, s)
     :: else
     fi;
     atomic { e = 0; s = 0; from = 0; to = 0 }
  :: else -> break
  od
}

/* Both halves of the copy at two moments; 0 = torn. */
inline readCopy() {
  a = content[SLOT(l)];
  atomic { if :: a != content[SLOT(l)] -> a = 0 :: else fi }
}

proctype reader(byte reads) {
  byte e, s, l, c, a;
  int deadAtBegin;
  bit same;
  do
  :: reads > 0 ->
     atomic {
       reads--; deadAtBegin = dead;
       if :: e = 1 :: ENTRIES > 1 -> e = ENTRIES fi;
       same = (index[e] == X)               /* Shard.glimpse: the key ... */
     }
     if
     :: same ->
        s = stamp[e];                       /* ... and Look.set */
        l = locator[e];
        c = crc[e];
        if
        :: s != 0 && l != 0 ->              /* Getter.isReadable */
           readCopy();
#if BUG != 7                                /* BUG 7: a copy that seems damaged is not read again */
           if :: !INTACT -> readCopy() :: else fi;
#endif
           if
           :: INTACT ->                     /* Shard.stillHoldsUnlocked */
#if BUG == 1                                /* the stamp is compared first, not last */
              same = (stamp[e] == s);
              same = same && (locator[e] == l);
              same = same && (crc[e] == c);
              same = same && (index[e] == X);
#else
#if BUG != 3                                /* BUG 3: the key is not compared */
              same = (index[e] == X);
#endif
#if BUG != 4                                /* BUG 4: the place is not compared */
              same = same && (locator[e] == l);
              same = same && (crc[e] == c);
#endif
              same = same && (stamp[e] == s);
#endif
              if
              :: same ->
                 atomic {
                   LAW(RIGHT_KEY, keyOf[a] == X);
                   LAW(NOT_DEAD, (deadAtBegin & BIT(a)) == 0);
                   LAW(ONE_PAGE, a == s)
                 }
              :: else                       /* looks again */
              fi
           :: else ->                       /* Mover.settleDamage, under the lock */
              atomic {
                !locked ->
                LAW(NO_FALSE_LOSS, !(stamp[e] == s && locator[e] == l && crc[e] == c && index[e] == X))
              }
           fi
        :: else
        fi
     :: else
     fi;
     atomic { e = 0; s = 0; l = 0; c = 0; a = 0; same = 0; deadAtBegin = 0 }
  :: else -> break
  od
}

init {
  atomic {
    run writer(X, OPS_X);
    run writer(Y, OPS_Y);
    if :: MOVES > 0 -> run mover(MOVES) :: else fi;
    run reader(READS)
  }
}
