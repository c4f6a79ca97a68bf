namespace Penstock;

/// <summary>Says how a member of a row type is named and written in files.</summary>
/// <example>
/// <code>
/// public sealed record Click(
///     [Column("user_id")] string User,
///     [Column(Format = "yyyy-MM-dd")] DateTime Day,
///     [Column(Unit = TimeUnit.Milliseconds)] DateTimeOffset At);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class ColumnAttribute : Attribute
{
    /// <summary>Leaves the name to the <see cref="NamingPolicy"/>.</summary>
    public ColumnAttribute()
    {
    }

    /// <summary>Gives the column a name of its own.</summary>
    /// <param name="name">The name in the header or the JSON object; matched with case.</param>
    public ColumnAttribute(string name) => Name = name;

    /// <summary>The name of the column. Default: the one that the <see cref="NamingPolicy"/> gives.</summary>
    public string? Name { get; }

    /// <summary>
    /// The .NET format string with which a date or time is written, such as <c>"yyyy-MM-ddTHH:mm"</c>. Default: ISO 8601.
    /// </summary>
    public string? Format { get; set; }

    /// <summary>
    /// Of a <see cref="DateTime"/> or <see cref="DateTimeOffset"/> that is a number in the text: what the number counts since 1970, in UTC.
    /// It is read and written so in CSV and JSON, and in keys and headers of messages. A read number may have a fraction; written numbers
    /// are whole, cut toward the past. Default: the member is no number but text, in ISO 8601 or as <see cref="Format"/> says. It cannot be
    /// given together with <see cref="Format"/>.
    /// </summary>
    public TimeUnit Unit { get; set; }

    /// <summary>
    /// Whether the member is no column: it is neither read nor written. A constructor that takes it gets the default of the parameter, or
    /// else of its type. Default: false.
    /// </summary>
    public bool Ignore { get; set; }
}

/// <summary>Says how the columns of a row type are named.</summary>
/// <example>
/// <code>
/// // user_id and clicked_at
/// [Columns(Naming = NamingPolicy.SnakeCase)]
/// public sealed record Click(string UserId, DateTime ClickedAt);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class ColumnsAttribute : Attribute
{
    /// <summary>
    /// How columns are named after members, unless the source or sink says otherwise. Default: the policy of the pipeline.
    /// </summary>
    public NamingPolicy Naming { get; set; }
}

/// <summary>How columns are named after members.</summary>
/// <remarks>
/// The nearest one applies: that of the source or sink, else that of the row type (<see cref="ColumnsAttribute"/>), else that of the
/// pipeline. A name in <see cref="ColumnAttribute"/> wins over all of them. Where names are divided into words, a word begins at an
/// upper-case letter behind a lower-case letter or a digit, and at the last of several upper-case letters where a lower-case letter
/// follows: <c>HTTPStatus2Code</c> is <c>HTTP</c>, <c>Status2</c>, <c>Code</c>. Digits belong to the word before them, and underscores
/// stay.
/// </remarks>
public enum NamingPolicy
{
    /// <summary>The member's name with its first letter in lower case: <c>hTTPStatus2Code</c>. The default.</summary>
    CamelCase,

    /// <summary>The member's name: <c>HTTPStatus2Code</c>.</summary>
    AsDeclared,

    /// <summary>Words in lower case with underscores between them: <c>http_status2_code</c>.</summary>
    SnakeCase,

    /// <summary>Words in upper case with underscores between them: <c>HTTP_STATUS2_CODE</c>.</summary>
    UpperSnakeCase,

    /// <summary>Words in lower case with hyphens between them: <c>http-status2-code</c>.</summary>
    KebabCase,

    /// <summary>Words in upper case with hyphens between them: <c>HTTP-STATUS2-CODE</c>.</summary>
    UpperKebabCase,
}
