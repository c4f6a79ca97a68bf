namespace Penstock.Kafka;

/// <summary>The broker resources that a source or sink uses, for error messages that name the missing one.</summary>
/// <param name="Place">The description of the source or sink, such as <c>Pipeline 'Shop', sink 'Revenue'</c>.</param>
/// <param name="Location">The location of the brokers.</param>
/// <param name="Topic">The topic that it reads or writes; several topics are separated by <c>', '</c>.</param>
/// <param name="Group">Its consumer group; for a sink also its transactional id.</param>
/// <param name="IsSink"><c>true</c> for a sink.</param>
internal sealed record KafkaErrorContext(string Place, string Location, string Topic, string Group, bool IsSink);
