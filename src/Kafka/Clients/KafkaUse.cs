namespace Penstock.Kafka;

/// <summary>What a source or sink wants of the brokers, so that an error can say what is missing.</summary>
/// <param name="Place">What it is, such as <c>Pipeline 'Shop', sink 'Revenue'</c>.</param>
/// <param name="Location">Where the brokers are.</param>
/// <param name="Topic">The topic that it reads or writes; several are separated by <c>', '</c>.</param>
/// <param name="Group">Its consumer group; for a sink its transactional id, too.</param>
/// <param name="IsSink">Whether it writes.</param>
internal sealed record KafkaUse(string Place, string Location, string Topic, string Group, bool IsSink);
