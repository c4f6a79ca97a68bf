namespace Penstock.Kafka;

/// <summary>
/// The codes of the connector's errors, each with a page in docs/errors. The meaning of a code never changes, and numbers are not reused.
/// </summary>
internal static class KafkaErrorCodes
{
    public static readonly PipelineErrorCode ClientConfiguration = new("PSR2001", "The configuration of a Kafka client is wrong");
    public static readonly PipelineErrorCode NoBroker = new("PSR2002", "No Kafka broker is named");
    public static readonly PipelineErrorCode ImpossibleOption = new("PSR2003", "A Kafka option is missing or invalid");
    public static readonly PipelineErrorCode ImpossibleLocation = new("PSR2004", "The location of a topic is invalid");
    public static readonly PipelineErrorCode MetadataUnknown = new("PSR2005", "Kafka messages do not have this metadata");
    public static readonly PipelineErrorCode RequestRefused = new("PSR2006", "Kafka refuses a request");
    public static readonly PipelineErrorCode MessageRefused = new("PSR2007", "A row cannot become a message");
    public static readonly PipelineErrorCode TransactionTimeout = new("PSR2008", "The transaction timeout is invalid");
    public static readonly PipelineErrorCode TakenOver = new("PSR2009", "Another process writes to the topic");
    public static readonly PipelineErrorCode CommitForgotten = new("PSR2010", "The brokers have forgotten which checkpoint is in a topic");
    public static readonly PipelineErrorCode SpoolLost = new("PSR2011", "Messages of the checkpoint are missing or damaged");
    public static readonly PipelineErrorCode NewerRelease = new("PSR2012", "A checkpoint of Kafka is of a newer release");
    public static readonly PipelineErrorCode TopicReplaced = new("PSR2013", "A topic was deleted while it was read");
    public static readonly PipelineErrorCode MessagesLost = new("PSR2014", "The message at a position is missing");
}
