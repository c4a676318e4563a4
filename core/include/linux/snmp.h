/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of the counters that /proc/net/snmp and /proc/net/netstat show.
 *
 * Each list below is written once and used twice: it makes the enum that indexes the counters,
 * and the table of printable names (net/ipv4/proc.c). The first word is the name in the code
 * (TCP_MIB_ACTIVEOPENS), the second what the outside calls it ("TcpActiveOpens" with the prefix
 * of its group).
 *
 * Origin: include/uapi/linux/snmp.h and net/ipv4/proc.c, v4.9; RFC 4293 and RFC 4022 define the
 * IP and TCP groups.
 */
#ifndef _LINUX_SNMP_H
#define _LINUX_SNMP_H

/* clang-format off: it would press these lists together */
#define IPSTATS_MIB_LIST(X)                   \
	X(INPKTS, "InReceives")               \
	X(INOCTETS, "InOctets")               \
	X(INDELIVERS, "InDelivers")           \
	X(OUTFORWDATAGRAMS, "ForwDatagrams")  \
	X(OUTPKTS, "OutRequests")             \
	X(OUTOCTETS, "OutOctets")             \
	X(INHDRERRORS, "InHdrErrors")         \
	X(INTOOBIGERRORS, "InTooBigErrors")   \
	X(INNOROUTES, "InNoRoutes")           \
	X(INADDRERRORS, "InAddrErrors")       \
	X(INUNKNOWNPROTOS, "InUnknownProtos") \
	X(INTRUNCATEDPKTS, "InTruncatedPkts") \
	X(INDISCARDS, "InDiscards")           \
	X(OUTDISCARDS, "OutDiscards")         \
	X(OUTNOROUTES, "OutNoRoutes")         \
	X(REASMTIMEOUT, "ReasmTimeout")       \
	X(REASMREQDS, "ReasmReqds")           \
	X(REASMOKS, "ReasmOKs")               \
	X(REASMFAILS, "ReasmFails")           \
	X(FRAGOKS, "FragOKs")                 \
	X(FRAGFAILS, "FragFails")             \
	X(FRAGCREATES, "FragCreates")         \
	X(INMCASTPKTS, "InMcastPkts")         \
	X(OUTMCASTPKTS, "OutMcastPkts")       \
	X(INBCASTPKTS, "InBcastPkts")         \
	X(OUTBCASTPKTS, "OutBcastPkts")       \
	X(INMCASTOCTETS, "InMcastOctets")     \
	X(OUTMCASTOCTETS, "OutMcastOctets")   \
	X(INBCASTOCTETS, "InBcastOctets")     \
	X(OUTBCASTOCTETS, "OutBcastOctets")   \
	X(CSUMERRORS, "InCsumErrors")         \
	X(NOECTPKTS, "InNoECTPkts")           \
	X(ECT1PKTS, "InECT1Pkts")             \
	X(ECT0PKTS, "InECT0Pkts")             \
	X(CEPKTS, "InCEPkts")

#define ICMP_MIB_LIST(X)                        \
	X(INMSGS, "InMsgs")                     \
	X(INERRORS, "InErrors")                 \
	X(INDESTUNREACHS, "InDestUnreachs")     \
	X(INTIMEEXCDS, "InTimeExcds")           \
	X(INPARMPROBS, "InParmProbs")           \
	X(INSRCQUENCHS, "InSrcQuenchs")         \
	X(INREDIRECTS, "InRedirects")           \
	X(INECHOS, "InEchos")                   \
	X(INECHOREPS, "InEchoReps")             \
	X(INTIMESTAMPS, "InTimestamps")         \
	X(INTIMESTAMPREPS, "InTimestampReps")   \
	X(INADDRMASKS, "InAddrMasks")           \
	X(INADDRMASKREPS, "InAddrMaskReps")     \
	X(OUTMSGS, "OutMsgs")                   \
	X(OUTERRORS, "OutErrors")               \
	X(OUTDESTUNREACHS, "OutDestUnreachs")   \
	X(OUTTIMEEXCDS, "OutTimeExcds")         \
	X(OUTPARMPROBS, "OutParmProbs")         \
	X(OUTSRCQUENCHS, "OutSrcQuenchs")       \
	X(OUTREDIRECTS, "OutRedirects")         \
	X(OUTECHOS, "OutEchos")                 \
	X(OUTECHOREPS, "OutEchoReps")           \
	X(OUTTIMESTAMPS, "OutTimestamps")       \
	X(OUTTIMESTAMPREPS, "OutTimestampReps") \
	X(OUTADDRMASKS, "OutAddrMasks")         \
	X(OUTADDRMASKREPS, "OutAddrMaskReps")   \
	X(CSUMERRORS, "InCsumErrors")

#define TCP_MIB_LIST(X)                 \
	X(RTOALGORITHM, "RtoAlgorithm") \
	X(RTOMIN, "RtoMin")             \
	X(RTOMAX, "RtoMax")             \
	X(MAXCONN, "MaxConn")           \
	X(ACTIVEOPENS, "ActiveOpens")   \
	X(PASSIVEOPENS, "PassiveOpens") \
	X(ATTEMPTFAILS, "AttemptFails") \
	X(ESTABRESETS, "EstabResets")   \
	X(CURRESTAB, "CurrEstab")       \
	X(INSEGS, "InSegs")             \
	X(OUTSEGS, "OutSegs")           \
	X(RETRANSSEGS, "RetransSegs")   \
	X(INERRS, "InErrs")             \
	X(OUTRSTS, "OutRsts")           \
	X(CSUMERRORS, "InCsumErrors")

#define UDP_MIB_LIST(X)                 \
	X(INDATAGRAMS, "InDatagrams")   \
	X(NOPORTS, "NoPorts")           \
	X(INERRORS, "InErrors")         \
	X(OUTDATAGRAMS, "OutDatagrams") \
	X(RCVBUFERRORS, "RcvbufErrors") \
	X(SNDBUFERRORS, "SndbufErrors") \
	X(CSUMERRORS, "InCsumErrors")   \
	X(IGNOREDMULTI, "IgnoredMulti")

#define LINUX_MIB_LIST(X)                                         \
	X(SYNCOOKIESSENT, "SyncookiesSent")                       \
	X(SYNCOOKIESRECV, "SyncookiesRecv")                       \
	X(SYNCOOKIESFAILED, "SyncookiesFailed")                   \
	X(EMBRYONICRSTS, "EmbryonicRsts")                         \
	X(PRUNECALLED, "PruneCalled")                             \
	X(RCVPRUNED, "RcvPruned")                                 \
	X(OFOPRUNED, "OfoPruned")                                 \
	X(OUTOFWINDOWICMPS, "OutOfWindowIcmps")                   \
	X(LOCKDROPPEDICMPS, "LockDroppedIcmps")                   \
	X(ARPFILTER, "ArpFilter")                                 \
	X(TIMEWAITED, "TW")                                       \
	X(TIMEWAITRECYCLED, "TWRecycled")                         \
	X(TIMEWAITKILLED, "TWKilled")                             \
	X(PAWSPASSIVEREJECTED, "PAWSPassive")                     \
	X(PAWSACTIVEREJECTED, "PAWSActive")                       \
	X(PAWSESTABREJECTED, "PAWSEstab")                         \
	X(DELAYEDACKS, "DelayedACKs")                             \
	X(DELAYEDACKLOCKED, "DelayedACKLocked")                   \
	X(DELAYEDACKLOST, "DelayedACKLost")                       \
	X(LISTENOVERFLOWS, "ListenOverflows")                     \
	X(LISTENDROPS, "ListenDrops")                             \
	X(TCPPREQUEUED, "TCPPrequeued")                           \
	X(TCPDIRECTCOPYFROMBACKLOG, "TCPDirectCopyFromBacklog")   \
	X(TCPDIRECTCOPYFROMPREQUEUE, "TCPDirectCopyFromPrequeue") \
	X(TCPPREQUEUEDROPPED, "TCPPrequeueDropped")               \
	X(TCPHPHITS, "TCPHPHits")                                 \
	X(TCPHPHITSTOUSER, "TCPHPHitsToUser")                     \
	X(TCPPUREACKS, "TCPPureAcks")                             \
	X(TCPHPACKS, "TCPHPAcks")                                 \
	X(TCPRENORECOVERY, "TCPRenoRecovery")                     \
	X(TCPSACKRECOVERY, "TCPSackRecovery")                     \
	X(TCPSACKRENEGING, "TCPSACKReneging")                     \
	X(TCPFACKREORDER, "TCPFACKReorder")                       \
	X(TCPSACKREORDER, "TCPSACKReorder")                       \
	X(TCPRENOREORDER, "TCPRenoReorder")                       \
	X(TCPTSREORDER, "TCPTSReorder")                           \
	X(TCPFULLUNDO, "TCPFullUndo")                             \
	X(TCPPARTIALUNDO, "TCPPartialUndo")                       \
	X(TCPDSACKUNDO, "TCPDSACKUndo")                           \
	X(TCPLOSSUNDO, "TCPLossUndo")                             \
	X(TCPLOSTRETRANSMIT, "TCPLostRetransmit")                 \
	X(TCPRENOFAILURES, "TCPRenoFailures")                     \
	X(TCPSACKFAILURES, "TCPSackFailures")                     \
	X(TCPLOSSFAILURES, "TCPLossFailures")                     \
	X(TCPFASTRETRANS, "TCPFastRetrans")                       \
	X(TCPFORWARDRETRANS, "TCPForwardRetrans")                 \
	X(TCPSLOWSTARTRETRANS, "TCPSlowStartRetrans")             \
	X(TCPTIMEOUTS, "TCPTimeouts")                             \
	X(TCPLOSSPROBES, "TCPLossProbes")                         \
	X(TCPLOSSPROBERECOVERY, "TCPLossProbeRecovery")           \
	X(TCPRENORECOVERYFAIL, "TCPRenoRecoveryFail")             \
	X(TCPSACKRECOVERYFAIL, "TCPSackRecoveryFail")             \
	X(TCPSCHEDULERFAILED, "TCPSchedulerFailed")               \
	X(TCPRCVCOLLAPSED, "TCPRcvCollapsed")                     \
	X(TCPDSACKOLDSENT, "TCPDSACKOldSent")                     \
	X(TCPDSACKOFOSENT, "TCPDSACKOfoSent")                     \
	X(TCPDSACKRECV, "TCPDSACKRecv")                           \
	X(TCPDSACKOFORECV, "TCPDSACKOfoRecv")                     \
	X(TCPABORTONDATA, "TCPAbortOnData")                       \
	X(TCPABORTONCLOSE, "TCPAbortOnClose")                     \
	X(TCPABORTONMEMORY, "TCPAbortOnMemory")                   \
	X(TCPABORTONTIMEOUT, "TCPAbortOnTimeout")                 \
	X(TCPABORTONLINGER, "TCPAbortOnLinger")                   \
	X(TCPABORTFAILED, "TCPAbortFailed")                       \
	X(TCPMEMORYPRESSURES, "TCPMemoryPressures")               \
	X(TCPSACKDISCARD, "TCPSACKDiscard")                       \
	X(TCPDSACKIGNOREDOLD, "TCPDSACKIgnoredOld")               \
	X(TCPDSACKIGNOREDNOUNDO, "TCPDSACKIgnoredNoUndo")         \
	X(TCPSPURIOUSRTOS, "TCPSpuriousRTOs")                     \
	X(TCPMD5NOTFOUND, "TCPMD5NotFound")                       \
	X(TCPMD5UNEXPECTED, "TCPMD5Unexpected")                   \
	X(SACKSHIFTED, "TCPSackShifted")                          \
	X(SACKMERGED, "TCPSackMerged")                            \
	X(SACKSHIFTFALLBACK, "TCPSackShiftFallback")              \
	X(TCPBACKLOGDROP, "TCPBacklogDrop")                       \
	X(TCPMINTTLDROP, "TCPMinTTLDrop")                         \
	X(TCPDEFERACCEPTDROP, "TCPDeferAcceptDrop")               \
	X(IPRPFILTER, "IPReversePathFilter")                      \
	X(TCPTIMEWAITOVERFLOW, "TCPTimeWaitOverflow")             \
	X(TCPREQQFULLDOCOOKIES, "TCPReqQFullDoCookies")           \
	X(TCPREQQFULLDROP, "TCPReqQFullDrop")                     \
	X(TCPRETRANSFAIL, "TCPRetransFail")                       \
	X(TCPRCVCOALESCE, "TCPRcvCoalesce")                       \
	X(TCPOFOQUEUE, "TCPOFOQueue")                             \
	X(TCPOFODROP, "TCPOFODrop")                               \
	X(TCPOFOMERGE, "TCPOFOMerge")                             \
	X(TCPCHALLENGEACK, "TCPChallengeACK")                     \
	X(TCPSYNCHALLENGE, "TCPSYNChallenge")                     \
	X(TCPFASTOPENACTIVE, "TCPFastOpenActive")                 \
	X(TCPFASTOPENACTIVEFAIL, "TCPFastOpenActiveFail")         \
	X(TCPFASTOPENPASSIVE, "TCPFastOpenPassive")               \
	X(TCPFASTOPENPASSIVEFAIL, "TCPFastOpenPassiveFail")       \
	X(TCPFASTOPENLISTENOVERFLOW, "TCPFastOpenListenOverflow") \
	X(TCPFASTOPENCOOKIEREQD, "TCPFastOpenCookieReqd")         \
	X(TCPSPURIOUS_RTX_HOSTQUEUES, "TCPSpuriousRtxHostQueues") \
	X(BUSYPOLLRXPACKETS, "BusyPollRxPackets")                 \
	X(TCPAUTOCORKING, "TCPAutoCorking")                       \
	X(TCPFROMZEROWINDOWADV, "TCPFromZeroWindowAdv")           \
	X(TCPTOZEROWINDOWADV, "TCPToZeroWindowAdv")               \
	X(TCPWANTZEROWINDOWADV, "TCPWantZeroWindowAdv")           \
	X(TCPSYNRETRANS, "TCPSynRetrans")                         \
	X(TCPORIGDATASENT, "TCPOrigDataSent")                     \
	X(TCPHYSTARTTRAINDETECT, "TCPHystartTrainDetect")         \
	X(TCPHYSTARTTRAINCWND, "TCPHystartTrainCwnd")             \
	X(TCPHYSTARTDELAYDETECT, "TCPHystartDelayDetect")         \
	X(TCPHYSTARTDELAYCWND, "TCPHystartDelayCwnd")             \
	X(TCPACKSKIPPEDSYNRECV, "TCPACKSkippedSynRecv")           \
	X(TCPACKSKIPPEDPAWS, "TCPACKSkippedPAWS")                 \
	X(TCPACKSKIPPEDSEQ, "TCPACKSkippedSeq")                   \
	X(TCPACKSKIPPEDFINWAIT2, "TCPACKSkippedFinWait2")         \
	X(TCPACKSKIPPEDTIMEWAIT, "TCPACKSkippedTimeWait")         \
	X(TCPACKSKIPPEDCHALLENGE, "TCPACKSkippedChallenge")       \
	X(TCPWINPROBE, "TCPWinProbe")                             \
	X(TCPKEEPALIVE, "TCPKeepAlive")                           \
	X(TCPMTUPFAIL, "TCPMTUPFail")                             \
	X(TCPMTUPSUCCESS, "TCPMTUPSuccess")
/* clang-format on */

#define SNMP_ENUM_IPSTATS(n, s) IPSTATS_MIB_##n,
#define SNMP_ENUM_ICMP(n, s)    ICMP_MIB_##n,
#define SNMP_ENUM_TCP(n, s)     TCP_MIB_##n,
#define SNMP_ENUM_UDP(n, s)     UDP_MIB_##n,
#define SNMP_ENUM_LINUX(n, s)   LINUX_MIB_##n,

/* Index 0 of every group is its length in the kernel's tables and counts nothing. */
enum { IPSTATS_MIB_NUM = 0, IPSTATS_MIB_LIST(SNMP_ENUM_IPSTATS) __IPSTATS_MIB_MAX };
enum { ICMP_MIB_NUM = 0, ICMP_MIB_LIST(SNMP_ENUM_ICMP) __ICMP_MIB_MAX };
enum { TCP_MIB_NUM = 0, TCP_MIB_LIST(SNMP_ENUM_TCP) __TCP_MIB_MAX };
enum { UDP_MIB_NUM = 0, UDP_MIB_LIST(SNMP_ENUM_UDP) __UDP_MIB_MAX };
enum { LINUX_MIB_NUM = 0, LINUX_MIB_LIST(SNMP_ENUM_LINUX) __LINUX_MIB_MAX };

#define __ICMPMSG_MIB_MAX 512 /* 256 types in, 256 types out */

#endif /* _LINUX_SNMP_H */
