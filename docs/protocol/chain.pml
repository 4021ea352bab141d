/*
 * chain.pml: puts, gets, flushes and moves of one key in a chain of two local tiers whose slots are used again at once.
 *
 * Not yet searched to the end, and none of its bugs tried: says nothing about the code so far.
 *
 * An atomic{} is one step under a shard's lock, or work on bytes that nobody else can see yet; looks that see single
 * fields are glimpse.pml's. A slot's content is the stamp of its put and stays behind when the slot is freed; 0 is damage.
 * Ghosts take the strictest view: an operation ends in the step that makes it visible, frees lag behind.
 *
 * Options (spin -D...):
 *   PERSISTENT EXCLUSIVE                 the kind of pool; else ephemeral, inclusive
 *   FLUSH_OBJECT, DESTROY                what the flusher does; else it flushes the page
 *   DAMAGE                               one copy may be damaged at any time
 *   PUTS_A PUTS_B MOVES READS_A READS_B FLUSHES SLOTS_T1 SLOTS_T2   sizes
 *   BUG=n                                plants one bug, see README.md
 */
#ifndef BUG
#define BUG 0
#endif
#ifndef PUTS_A
#define PUTS_A 1
#endif
#ifndef PUTS_B
#define PUTS_B 1
#endif
#ifndef MOVES
#define MOVES 1
#endif
#ifndef READS_A
#define READS_A 1
#endif
#ifndef READS_B
#define READS_B 0
#endif
#ifndef FLUSHES
#define FLUSHES 1
#endif
#ifndef SLOTS_T1
#define SLOTS_T1 1
#endif
#ifndef SLOTS_T2
#define SLOTS_T2 2
#endif
#define SLOTS (SLOTS_T1 + SLOTS_T2)
#define NONE 15
#define OBJECTS 8
#define BIT(s) (1 << (s))

/* Names of what is asserted; pan prints them. */
hidden byte NO_SILENT_MISS = 1, RIGHT_BYTES = 1, NOT_DEAD = 1, ONE_WINNER = 1, OWN_COPY = 1, STAMP_ORDER = 1,
            NO_FALSE_LOSS = 1, NO_LEAK = 1, NO_DANGLING_ENTRY = 1, NO_DEAD_NUMBER = 1, NO_REPLACING_AT_REST = 1;
#define LAW(name, truth) assert(name && (truth))

/* ---- tiers ---- */
byte owner[SLOTS];            /* stamp for which the slot is taken; 0 = free */
byte generation[SLOTS];       /* part of the locator */
byte content[SLOTS];

/* ---- directory ---- */
#define ATTACHED 0
#define DETACHED 1
#define RETIRED  2
#define ABSENT    0
#define STORED    1
#define LOST      2
#define REPLACING 3
byte object;                  /* the number now attached to the object id; 0 = none */
byte lastObject;
byte status[OBJECTS];
byte state[OBJECTS];          /* the entry of the key under each number */
byte eStamp[OBJECTS];
byte eSlot[OBJECTS];
byte eGen[OBJECTS];
byte lastStamp;
bit closed;                   /* the pool has been destroyed */

/* ---- ghosts (masks over stamps) ---- */
byte ended, accepted, dead, excused, taken, damaged;
byte before[6];               /* puts that had ended when this one began */
byte finished;

inline free(slot, stamp) { LAW(OWN_COPY, owner[slot] == stamp); owner[slot] = 0 }

inline reserve(low, high, stamp, slot, gen) {       /* inside an atomic; NONE = full */
  slot = NONE; i = low; gen = 0;
  do
  :: i < high && owner[i] == 0 -> slot = i; break
  :: i < high && owner[i] != 0 -> i++
  :: i >= high -> break
  od;
  i = 0;
  if
  :: slot != NONE -> owner[slot] = stamp;
#if BUG != 9                                /* BUG 9: a locator without generation */
     generation[slot]++;
#endif
     gen = generation[slot]; content[slot] = stamp
  :: else
  fi
}

inline retire(num) {                        /* TrackedObject.retireWhenEmpty */
  if
  :: num != 0 && status[num] == ATTACHED && state[num] == ABSENT ->
#if BUG == 16                               /* an empty object's number ends like a flushed one */
     status[num] = DETACHED;
#else
     status[num] = RETIRED;
#endif
     if :: object == num -> object = 0 :: else fi
  :: else
  fi
}

inline unlink(num) { state[num] = ABSENT; eStamp[num] = 0; eSlot[num] = 0; eGen[num] = 0; retire(num) }

inline acquire(num) {
  if :: object == 0 -> lastObject++; object = lastObject :: else fi;
  num = object
}

/* Shard.stillHolds */
#define HOLDS (state[num] == STORED && eStamp[num] == stamp && eSlot[num] == slot && eGen[num] == gen && status[num] == ATTACHED)

inline offer() {                            /* Offers.toTiers: a tier takes it, declines it, or is full */
  atomic {
    if :: reserve(0, SLOTS_T1, stamp, slot, gen) :: slot = NONE fi;
    if
    :: slot == NONE -> if :: reserve(SLOTS_T1, SLOTS, stamp, slot, gen) :: skip fi
    :: else
    fi
  }
}

proctype putter(byte puts, block) {
  byte num, stamp, slot, gen, old, oldStamp, i;
  bit linked, again;
  do
  :: puts > 0 && closed -> puts--
  :: puts > 0 && !closed ->
     atomic {                               /* object number, then stamp */
       puts--; acquire(num);
#if BUG == 15                               /* stamps handed out in blocks per thread */
       stamp = block; block++;
#else
       lastStamp++; stamp = lastStamp;
#endif
       before[stamp] = ended; old = NONE
     }
     linked = (state[num] != ABSENT);       /* Putter.glimpseOlderEntry: a hint */
#if BUG == 2                                /* frees the old copy before the swing */
     atomic {
       if :: state[num] == STORED && eStamp[num] < stamp && owner[eSlot[num]] == eStamp[num] -> owner[eSlot[num]] = 0
          :: else fi
     }
#endif
anew:
     offer();
     if
     :: slot == NONE ->                     /* Putter.giveUpOlderCopy, or the next tier's refusal is final */
        if
        :: atomic {
             if
             :: status[num] == ATTACHED && state[num] == STORED && eStamp[num] < stamp ->
                old = eSlot[num]; oldStamp = eStamp[num];
                state[num] = REPLACING; eStamp[num] = stamp; eSlot[num] = 0; eGen[num] = 0
             :: else
             fi
           }
           if :: old != NONE -> atomic { free(old, oldStamp); old = NONE; oldStamp = 0 } offer() :: else fi
        :: skip
        fi
     :: else
     fi;
     if
     :: slot != NONE ->
swing:
        atomic {                            /* PutSwing.swing */
          again = 0; old = NONE; oldStamp = 0;
          if
          :: BUG != 7 && (status[num] == DETACHED || (BUG != 18 && closed)) ->   /* isEnded */
             old = slot; oldStamp = stamp; excused = excused | (BUG == 16 -> 0 : BIT(stamp))
          :: else ->
             if
             :: status[num] != RETIRED && BUG != 6 && eStamp[num] > stamp ->     /* a newer put came first */
                old = slot; oldStamp = stamp; excused = excused | BIT(stamp)
             :: !(status[num] != RETIRED && BUG != 6 && eStamp[num] > stamp) && linked &&
                (status[num] == RETIRED || state[num] == ABSENT) ->              /* the glimpsed entry has gone */
#if BUG == 17
                skip                        /* and is swung all the same: nobody finds it */
#else
                again = 1
#endif
             :: !(status[num] != RETIRED && BUG != 6 && eStamp[num] > stamp) && !linked && status[num] == RETIRED ->
                acquire(num); again = 1     /* retired is not flushed: goes on under a new number */
             :: !(status[num] != RETIRED && BUG != 6 && eStamp[num] > stamp) && status[num] != RETIRED &&
                !(linked && state[num] == ABSENT) ->
                if :: state[num] == STORED -> old = eSlot[num]; oldStamp = eStamp[num] :: else fi;
                LAW(STAMP_ORDER, eStamp[num] <= stamp);
                state[num] = STORED; eStamp[num] = stamp; eSlot[num] = slot; eGen[num] = gen
             fi
          fi;
          if
          :: !again ->
             accepted = accepted | BIT(stamp); ended = ended | BIT(stamp); dead = dead | before[stamp]
          :: else
          fi
        }
        if
        :: again && linked ->               /* reserveAnew: the copy bears the number of an entry that has gone */
           atomic { linked = 0; again = 0; free(slot, stamp); slot = NONE }
           goto anew
        :: again && !linked -> goto swing
        :: else
        fi;
        atomic {
#if BUG == 2
          if :: old != NONE && owner[old] == oldStamp -> owner[old] = 0 :: else fi
#else
          if :: old != NONE -> free(old, oldStamp) :: else fi
#endif
        }
     :: else ->                             /* PutSwing.withdraw */
        atomic {
          old = NONE; oldStamp = 0;
#if BUG != 3                                /* BUG 3: the older entry survives the refusal */
          if
#if BUG == 20                               /* an entry that says REPLACING for this put survives it */
          :: status[num] == ATTACHED && state[num] != ABSENT && eStamp[num] < stamp ->
#else
          :: status[num] == ATTACHED && state[num] != ABSENT && (BUG == 12 || eStamp[num] <= stamp) ->
#endif
             if :: state[num] == STORED -> old = eSlot[num]; oldStamp = eStamp[num] :: else fi;
             unlink(num)
          :: else
          fi;
#endif
          retire(num);
          excused = excused | (ended & (BIT(stamp) - 1));
          ended = ended | BIT(stamp); dead = dead | before[stamp] | BIT(stamp)
        }
        atomic { if :: old != NONE -> free(old, oldStamp) :: else fi }
     fi;
     atomic { num = 0; stamp = 0; slot = 0; gen = 0; old = 0; oldStamp = 0; linked = 0; again = 0 }
  :: else -> break
  od;
  finished++
}

proctype flusher(byte flushes) {
  byte num, old, oldStamp, covers;
  do
  :: flushes > 0 ->
find:
     atomic {
#ifdef DESTROY
       closed = 1;
#endif
       num = object; covers = ended; old = NONE;
       if :: num == 0 -> dead = dead | ended; excused = excused | ended :: else fi
     }
#if defined(FLUSH_OBJECT) || defined(DESTROY)
#if BUG != 8 && BUG != 21                   /* BUG 8: reclaims first. BUG 21: never detaches */
     atomic {                               /* TrackedObject.detach: one step. A retired number was empty */
       if
       :: num != 0 && status[num] == ATTACHED ->
          status[num] = DETACHED; if :: object == num -> object = 0 :: else fi;
          dead = dead | ended; excused = excused | ended
       :: else -> dead = dead | covers; excused = excused | covers
       fi
     }
#endif
     atomic {                               /* DeadPages.reclaim */
       if
       :: num != 0 && state[num] != ABSENT ->
          if :: state[num] == STORED -> old = eSlot[num]; oldStamp = eStamp[num] :: else fi;
          state[num] = ABSENT; eStamp[num] = 0; eSlot[num] = 0; eGen[num] = 0
       :: else
       fi
     }
#if BUG == 8
     atomic {
       if :: num != 0 && status[num] == ATTACHED -> status[num] = DETACHED; object = 0 :: else fi;
       dead = dead | covers; excused = excused | covers
     }
#endif
#if BUG == 21
     atomic { dead = dead | covers; excused = excused | covers }
#endif
#else
     if
     :: num != 0 ->
        atomic {
          if
          :: status[num] == ATTACHED ->
             if :: state[num] == STORED -> old = eSlot[num]; oldStamp = eStamp[num] :: else fi;
#if BUG != 4                                /* BUG 4: frees the copy, leaves the entry */
             unlink(num);
#endif
             dead = dead | ended; excused = excused | ended
          :: else -> goto find              /* looks for the successor */
          fi
        }
     :: else
     fi;
#endif
     atomic {
       if :: old != NONE -> free(old, oldStamp) :: else fi;
       num = 0; old = 0; oldStamp = 0; covers = 0; flushes--
     }
  :: else -> break
  od;
  finished++
}

/* Mover.settleDamage, inside an atomic; leaves in old what to free. */
inline settleDamage() {
  old = NONE;
  if
  :: (BUG == 22 && state[num] == STORED) || (HOLDS && content[slot] != stamp) ->
     LAW(NO_FALSE_LOSS, (damaged & BIT(eStamp[num])) != 0);
     old = eSlot[num]; oldStamp = eStamp[num];
#ifdef PERSISTENT
#if BUG == 19                               /* a lost page is forgotten */
     unlink(num)
#else
     state[num] = LOST; eSlot[num] = 0; eGen[num] = 0
#endif
#else
     unlink(num)
#endif
  :: else
  fi
}

proctype mover(byte moves) {                /* down when the copy is in tier 1, else up */
  byte num, stamp, slot, gen, to, toGen, a, i, old, oldStamp;
  do
  :: moves > 0 ->
     atomic {
       moves--; num = object; stamp = eStamp[num]; slot = eSlot[num]; gen = eGen[num]; to = NONE;
       if
       :: state[num] == STORED && slot <  SLOTS_T1 -> reserve(SLOTS_T1, SLOTS, stamp, to, toGen)
       :: state[num] == STORED && slot >= SLOTS_T1 -> reserve(0, SLOTS_T1, stamp, to, toGen)
       :: else
       fi
     }
     if
     :: to != NONE ->
        a = content[slot];
#if BUG == 10                               /* frees the source before the swing */
        atomic { if :: owner[slot] == stamp -> owner[slot] = 0 :: else fi }
#endif
        if
        :: a != stamp ->                    /* damaged, or not this page's any more */
           atomic { settleDamage() }
           atomic {
             if :: old != NONE -> free(old, oldStamp) :: else fi;
             free(to, stamp)
           }
        :: else ->
           atomic {                         /* Mover.swing */
             if
             :: (BUG == 1 && state[num] == STORED) || (BUG == 13 && state[num] == STORED && eStamp[num] == stamp) || HOLDS ->
#if BUG == 1                                /* BUG 1: compares nothing; BUG 13: the stamp alone */
                slot = eSlot[num]; a = eStamp[num]; eStamp[num] = stamp;
#endif
                eSlot[num] = to; eGen[num] = toGen
             :: else -> slot = to; a = stamp
             fi
           }
           atomic {
#if BUG == 10
             if :: slot == to -> owner[to] = 0 :: else fi
#else
             free(slot, a)
#endif
           }
        fi
     :: else
     fi;
     atomic { num = 0; stamp = 0; slot = 0; gen = 0; to = 0; toGen = 0; a = 0; old = 0; oldStamp = 0 }
  :: else -> break
  od;
  finished++
}

inline miss() {
#ifdef PERSISTENT
  LAW(NO_SILENT_MISS, (accepted & endedAtBegin & ~excused) == 0);
#endif
  dead = dead | endedAtBegin; stamp = 0
}

proctype reader(byte reads) {
  byte num, stamp, slot, gen, a, old, oldStamp, deadAtBegin, endedAtBegin;
  bit fresh;
  do
  :: reads > 0 ->
     fresh = 1;
again:
     atomic {                               /* Directory.find */
       if :: fresh -> fresh = 0; reads--; deadAtBegin = dead; endedAtBegin = ended :: else fi;
       num = object; stamp = 0;
       if :: num == 0 -> miss() :: else fi
     }
     if
     :: num != 0 ->
        atomic {                            /* Getter.firstLook */
          if
          :: status[num] != ATTACHED -> goto again
          :: status[num] == ATTACHED && state[num] == ABSENT -> miss()
          :: status[num] == ATTACHED && state[num] == LOST ->
             LAW(NO_FALSE_LOSS, (damaged & BIT(eStamp[num])) != 0)
          :: status[num] == ATTACHED && state[num] == REPLACING ->
#if defined(PERSISTENT) && BUG != 14        /* BUG 14: a miss while the old copy has gone and the new one is not there */
             goto wait
#else
             miss()
#endif
          :: status[num] == ATTACHED && state[num] == STORED ->
             stamp = eStamp[num]; slot = eSlot[num]; gen = eGen[num]
          fi
        }
     :: else
     fi;
     if
     :: stamp != 0 ->
        a = content[slot];
        atomic {
          if :: a != content[slot] -> a = 0 :: else fi;             /* torn */
          old = NONE;
          if
#ifdef EXCLUSIVE
          :: a == stamp || BUG == 5 || BUG == 23 || BUG == 24 ->    /* BUG 23: removes before it checks */
             if
             :: (BUG == 5 && state[num] == STORED && status[num] == ATTACHED) ||
                (BUG == 24 && state[num] == STORED && eStamp[num] == stamp) || HOLDS ->
                old = eSlot[num]; oldStamp = eStamp[num];           /* BUG 24: compares the stamp alone */
                unlink(num);
                if
                :: BUG == 23 && a != stamp -> skip                  /* nothing to deliver, nothing left */
                :: else ->
                   LAW(RIGHT_BYTES, a == oldStamp);
                   LAW(NOT_DEAD, (deadAtBegin & BIT(a)) == 0);
                   LAW(ONE_WINNER, (taken & BIT(a)) == 0);
                   taken = taken | BIT(a); ended = ended | BIT(a);
                   dead = dead | before[a] | endedAtBegin | BIT(a);
                   excused = excused | BIT(a) | (ended & (BIT(a) - 1))
                fi
             :: else -> goto again
             fi
          :: !(a == stamp || BUG == 5 || BUG == 23 || BUG == 24) -> settleDamage()
#else
          :: BUG == 11 || (a == stamp && HOLDS) ->                  /* BUG 11: no second look */
             LAW(RIGHT_BYTES, a == stamp);
             LAW(NOT_DEAD, (deadAtBegin & BIT(stamp)) == 0);
             ended = ended | BIT(stamp); dead = dead | before[stamp]
          :: BUG != 11 && a == stamp && !HOLDS -> goto again
          :: BUG != 11 && a != stamp -> settleDamage()
#endif
          fi
        }
        if
        :: old != NONE -> atomic { free(old, oldStamp); old = NONE } 
        :: else
        fi;
        if :: a != stamp && BUG != 23 && BUG != 11 -> goto again :: else fi   /* finds it lost, absent or intact */
     :: else
     fi;
     if
     :: false ->
wait:   state[num] != REPLACING -> goto again
     :: else
     fi;
     atomic { num = 0; stamp = 0; slot = 0; gen = 0; a = 0; old = 0; oldStamp = 0; deadAtBegin = 0; endedAtBegin = 0 }
  :: else -> break
  od;
  finished++
}

proctype damage() {
  byte i;
  atomic {
    if
    :: i = 0 :: i = SLOTS - 1 :: i = NONE   /* or nothing happens */
    fi;
    if
    :: i != NONE && owner[i] != 0 -> damaged = damaged | BIT(owner[i]); content[i] = 0
    :: else
    fi;
    i = 0
  }
}

#define PROCESSES ((PUTS_A>0)+(PUTS_B>0)+(FLUSHES>0)+(MOVES>0)+(READS_A>0)+(READS_B>0))

init {
  byte s, refs, o;
  atomic {
    if :: PUTS_A  > 0 -> run putter(PUTS_A, 3) :: else fi;
    if :: PUTS_B  > 0 -> run putter(PUTS_B, 1) :: else fi;
    if :: FLUSHES > 0 -> run flusher(FLUSHES)  :: else fi;
    if :: MOVES   > 0 -> run mover(MOVES)      :: else fi;
    if :: READS_A > 0 -> run reader(READS_A)   :: else fi;
    if :: READS_B > 0 -> run reader(READS_B)   :: else fi;
#ifdef DAMAGE
    run damage()
#endif
  }
  finished == PROCESSES;
  atomic {                                  /* at rest: every copy has exactly one entry that lives */
    do
    :: s < SLOTS ->
       refs = 0; o = 1;
       do
       :: o < OBJECTS ->
          LAW(NO_REPLACING_AT_REST, state[o] != REPLACING);
          if
          :: state[o] != ABSENT -> LAW(NO_DEAD_NUMBER, status[o] == ATTACHED && o == object && !closed)
          :: else
          fi;
          if
          :: state[o] == STORED && eSlot[o] == s ->
             refs++; LAW(NO_DANGLING_ENTRY, owner[s] == eStamp[o])
          :: else
          fi;
          o++
       :: else -> break
       od;
       LAW(NO_LEAK, refs == (owner[s] != 0 -> 1 : 0));
       s++
    :: else -> break
    od
  }
}
