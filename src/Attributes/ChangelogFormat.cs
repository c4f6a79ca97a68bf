namespace Penstock;

/// <summary>
/// The format in which a sink writes a changelog, a stream whose rows may replace or delete earlier ones, such as that of a window with
/// <see cref="TumblingWindowAttribute.AllowedLateness"/>. An append stream can be written in every format.
/// </summary>
public enum ChangelogFormat
{
    /// <summary>New rows only. A stream with updates is refused when the pipeline is built.</summary>
    AppendOnly,

    /// <summary>
    /// Every version of a row as a separate row, in order of arrival. Nothing distinguishes a new version from a new row, so readers must
    /// keep the last row of each key. Not allowed for streams with deletes, or for rows that contain no member of the key.
    /// </summary>
    EveryVersion,

    /// <summary>
    /// Every version with a leading column or member <c>op</c>, as in Debezium: <c>c</c> (create), <c>u</c> (update) or <c>d</c>
    /// (delete). In a deleted row only the members of the key have a meaning. For CSV and JSON.
    /// </summary>
    OpColumn,

    /// <summary>
    /// Debezium's envelope: <c>{"before":null,"after":{…},"op":"c"}</c>, with <c>u</c> for an update. For a deleted row, <c>op</c> is
    /// <c>d</c>, <c>after</c> is null, and <c>before</c> contains only the members of the key, as Debezium writes it for databases that do
    /// not log whole rows. For JSON.
    /// </summary>
    Debezium,

    /// <summary>
    /// A keyed message replaces the previous one with the same key, and a message without a value (a tombstone) deletes it. For messages
    /// whose key is the key of the stream.
    /// </summary>
    Upsert,
}
