namespace Penstock;

/// <summary>
/// How a sink writes a stream whose rows replace or delete earlier ones, such as that of a window with
/// <see cref="TumblingWindowAttribute.AllowedLateness"/>. A stream of new rows alone can be written in each way.
/// </summary>
public enum ChangelogFormat
{
    /// <summary>New rows alone: a stream of updates is refused when the pipeline is built.</summary>
    AppendOnly,

    /// <summary>
    /// Every version of a row like a row of its own, in the order in which they came. Nothing tells a version from a new row: whoever reads
    /// them keeps the last one of each key. Not for streams with deletes, nor for rows in which nothing of the key is left.
    /// </summary>
    EveryVersion,

    /// <summary>
    /// Every version with a first column or member <c>op</c>, as Debezium has it: <c>c</c> (create), <c>u</c> (update) or <c>d</c>
    /// (delete). Of a row that is deleted only the members of the key mean something. For CSV and JSON.
    /// </summary>
    OpColumn,

    /// <summary>
    /// Debezium's envelope: <c>{"before":null,"after":{…},"op":"c"}</c>, with <c>u</c> for an update. Where a row is deleted, <c>op</c> is
    /// <c>d</c>, <c>after</c> is null, and <c>before</c> has the members of the key alone, as Debezium has it where a database does not log
    /// whole rows. For JSON.
    /// </summary>
    Debezium,

    /// <summary>
    /// A message with a key replaces the one before with the same key, and one without a value (a tombstone) deletes it. For messages whose
    /// key is that of the stream.
    /// </summary>
    Upsert,
}
