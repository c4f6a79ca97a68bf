using Confluent.Kafka;

namespace Penstock.Kafka;

/// <summary>The reaction of a pipeline to an error that a client or a broker reports.</summary>
internal enum ErrorDecision
{
    /// <summary>The error is temporary: the call is retried, or the pipeline restarts.</summary>
    Passes,

    /// <summary>The error persists until a person fixes its cause: the pipeline fails with a message that says how.</summary>
    NeedsIntervention,

    /// <summary>A message is refused and would be refused every time: the pipeline fails and names the message.</summary>
    PoisonRow,
}

/// <summary>
/// The decision for each error code of the client library, for all sources and sinks. <c>docs/connectors/kafka-errors.md</c> shows
/// this table.
/// </summary>
internal static class ErrorTable
{
    // A lost session or connection, a change of leader, a broker that is starting: a retry succeeds. Codes that report another process or
    // a fatal error of the client are here, too: for these, the cause decides (KafkaErrors).
    private static readonly ErrorCode[] Passes =
    [
        ErrorCode.NoError, ErrorCode.Unknown,
        ErrorCode.Local_BadMsg, ErrorCode.Local_Destroy, ErrorCode.Local_Fail, ErrorCode.Local_Transport, ErrorCode.Local_CritSysResource,
        ErrorCode.Local_Resolve,
        ErrorCode.Local_MsgTimedOut, ErrorCode.Local_PartitionEOF, ErrorCode.Local_AllBrokersDown, ErrorCode.Local_TimedOut,
        ErrorCode.Local_QueueFull,
        ErrorCode.Local_IsrInsuff, ErrorCode.Local_NodeUpdate, ErrorCode.Local_WaitCoord, ErrorCode.Local_InProgress,
        ErrorCode.Local_PrevInProgress,
        ErrorCode.Local_AssignPartitions, ErrorCode.Local_RevokePartitions, ErrorCode.Local_Conflict, ErrorCode.Local_State,
        ErrorCode.Local_NoOffset,
        ErrorCode.Local_Outdated, ErrorCode.Local_TimedOutQueue, ErrorCode.Local_WaitCache, ErrorCode.Local_Intr, ErrorCode.Local_Partial,
        ErrorCode.Local_Underflow,
        ErrorCode.Local_Retry, ErrorCode.Local_PurgeQueue, ErrorCode.Local_PurgeInflight, ErrorCode.Local_Fatal,
        ErrorCode.Local_Inconsistent,
        ErrorCode.Local_GaplessGuarantee, ErrorCode.Local_MaxPollExceeded, ErrorCode.Local_UnknownBroker, ErrorCode.Local_Fenced,
        ErrorCode.Local_AssignmentLost,
        ErrorCode.Local_Noop, ErrorCode.Local_LogTruncation, ErrorCode.Local_DestroyBroker,
        ErrorCode.LeaderNotAvailable, ErrorCode.NotLeaderForPartition, ErrorCode.RequestTimedOut, ErrorCode.BrokerNotAvailable,
        ErrorCode.ReplicaNotAvailable,
        ErrorCode.StaleCtrlEpoch, ErrorCode.NetworkException, ErrorCode.GroupLoadInProgress, ErrorCode.GroupCoordinatorNotAvailable,
        ErrorCode.NotCoordinatorForGroup,
        ErrorCode.NotEnoughReplicas, ErrorCode.NotEnoughReplicasAfterAppend, ErrorCode.IllegalGeneration, ErrorCode.UnknownMemberId,
        ErrorCode.RebalanceInProgress,
        ErrorCode.NotController, ErrorCode.OutOfOrderSequenceNumber, ErrorCode.DuplicateSequenceNumber, ErrorCode.InvalidProducerEpoch,
        ErrorCode.InvalidTxnState,
        ErrorCode.InvalidProducerIdMapping, ErrorCode.ConcurrentTransactions, ErrorCode.TransactionCoordinatorFenced,
        ErrorCode.OperationNotAttempted,
        ErrorCode.KafkaStorageError, ErrorCode.UnknownProducerId, ErrorCode.ReassignmentInProgress, ErrorCode.FetchSessionIdNotFound,
        ErrorCode.InvalidFetchSessionEpoch, ErrorCode.ListenerNotFound, ErrorCode.FencedLeaderEpoch, ErrorCode.UnknownLeaderEpoch,
        ErrorCode.StaleBrokerEpoch,
        ErrorCode.OffsetNotAvailable, ErrorCode.MemberIdRequired, ErrorCode.PreferredLeaderNotAvailable,
        ErrorCode.EligibleLeadersNotAvailable,
        ErrorCode.ElectionNotNeeded, ErrorCode.NoReassignmentInProgress, ErrorCode.UnstableOffsetCommit, ErrorCode.ThrottlingQuotaExceeded,
        ErrorCode.ProducerFenced,
        ErrorCode.UnknownTopicId, ErrorCode.FencedMemberEpoch, ErrorCode.StaleMemberEpoch, ErrorCode.UnknownSubscriptionId,
        ErrorCode.TelemetryTooLarge,
        ErrorCode.RebootstrapRequired,
    ];

    // A wrong name, permission, password, version, or property of the client, topic or broker.
    private static readonly ErrorCode[] NeedsIntervention =
    [
        ErrorCode.Local_BadCompression, ErrorCode.Local_UnknownPartition, ErrorCode.Local_FS, ErrorCode.Local_UnknownTopic,
        ErrorCode.Local_InvalidArg,
        ErrorCode.Local_Ssl, ErrorCode.Local_UnknownGroup, ErrorCode.Local_ExistingSubscription, ErrorCode.Local_UnknownProtocol,
        ErrorCode.Local_NotImplemented,
        ErrorCode.Local_Authentication, ErrorCode.Local_UnsupportedFeature, ErrorCode.Local_ReadOnly, ErrorCode.Local_NoEnt,
        ErrorCode.Local_InvalidType,
        ErrorCode.Local_NotConfigured, ErrorCode.Local_Application, ErrorCode.Local_AutoOffsetReset,
        ErrorCode.OffsetOutOfRange, ErrorCode.UnknownTopicOrPart, ErrorCode.InvalidMsgSize, ErrorCode.OffsetMetadataTooLarge,
        ErrorCode.TopicException,
        ErrorCode.InvalidRequiredAcks, ErrorCode.InconsistentGroupProtocol, ErrorCode.InvalidGroupId, ErrorCode.InvalidSessionTimeout,
        ErrorCode.InvalidCommitOffsetSize, ErrorCode.TopicAuthorizationFailed, ErrorCode.GroupAuthorizationFailed,
        ErrorCode.ClusterAuthorizationFailed,
        ErrorCode.UnsupportedSaslMechanism, ErrorCode.IllegalSaslState, ErrorCode.UnsupportedVersion, ErrorCode.TopicAlreadyExists,
        ErrorCode.InvalidPartitions,
        ErrorCode.InvalidReplicationFactor, ErrorCode.InvalidReplicaAssignment, ErrorCode.InvalidConfig, ErrorCode.InvalidRequest,
        ErrorCode.UnsupportedForMessageFormat, ErrorCode.PolicyViolation, ErrorCode.InvalidTransactionTimeout,
        ErrorCode.TransactionalIdAuthorizationFailed,
        ErrorCode.SecurityDisabled, ErrorCode.LogDirNotFound, ErrorCode.SaslAuthenticationFailed, ErrorCode.DelegationTokenAuthDisabled,
        ErrorCode.DelegationTokenNotFound, ErrorCode.DelegationTokenOwnerMismatch, ErrorCode.DelegationTokenRequestNotAllowed,
        ErrorCode.DelegationTokenAuthorizationFailed, ErrorCode.DelegationTokenExpired, ErrorCode.InvalidPrincipalType,
        ErrorCode.NonEmptyGroup,
        ErrorCode.GroupIdNotFound, ErrorCode.TopicDeletionDisabled, ErrorCode.UnsupportedCompressionType, ErrorCode.GroupMaxSizeReached,
        ErrorCode.FencedInstanceId,
        ErrorCode.GroupSubscribedToTopic, ErrorCode.ResourceNotFound, ErrorCode.DuplicateResource, ErrorCode.UnacceptableCredential,
        ErrorCode.InconsistentVoterSet, ErrorCode.InvalidUpdateVersion, ErrorCode.FeatureUpdateFailed,
        ErrorCode.PrincipalDeserializationFailure,
        ErrorCode.UnreleasedInstanceId, ErrorCode.UnsupportedAssignor,
    ];

    private static readonly ErrorCode[] PoisonRows =
    [
        ErrorCode.Local_KeySerialization, ErrorCode.Local_ValueSerialization, ErrorCode.Local_KeyDeserialization,
        ErrorCode.Local_ValueDeserialization,
        ErrorCode.Local_InvalidDifferentRecord,
        ErrorCode.InvalidMsg, ErrorCode.MsgSizeTooLarge, ErrorCode.RecordListTooLarge, ErrorCode.InvalidTimestamp, ErrorCode.InvalidRecord,
    ];

    /// <summary>All codes with their decisions. A code that is listed twice occurs twice.</summary>
    public static IEnumerable<KeyValuePair<ErrorCode, ErrorDecision>> All =>
    [
        .. Passes.Select(static code => KeyValuePair.Create(code, ErrorDecision.Passes)),
        .. NeedsIntervention.Select(static code => KeyValuePair.Create(code, ErrorDecision.NeedsIntervention)),
        .. PoisonRows.Select(static code => KeyValuePair.Create(code, ErrorDecision.PoisonRow)),
    ];

    /// <summary>Returns the decision for a code. A code unknown to this version passes, because a restart is the safe reaction.</summary>
    public static ErrorDecision Of(ErrorCode code) =>
        PoisonRows.Contains(code) ? ErrorDecision.PoisonRow
        : NeedsIntervention.Contains(code) ? ErrorDecision.NeedsIntervention
        : ErrorDecision.Passes;
}
