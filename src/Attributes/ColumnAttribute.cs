namespace Penstock;

/// <summary>Sets the name and format of a member of a row type in files and messages.</summary>
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
    /// <summary>Keeps the name that the <see cref="NamingPolicy"/> gives.</summary>
    public ColumnAttribute()
    {
    }

    /// <summary>Sets the name of the column.</summary>
    /// <param name="name">The name in the header or the JSON object, which is case-sensitive.</param>
    public ColumnAttribute(string name) => Name = name;

    /// <summary>The name of the column. Default: the name that the <see cref="NamingPolicy"/> gives.</summary>
    public string? Name { get; }

    /// <summary>
    /// The .NET format string for a date or time, such as <c>"yyyy-MM-ddTHH:mm"</c>. Default: ISO 8601.
    /// </summary>
    public string? Format { get; set; }

    /// <summary>
    /// The unit of a <see cref="DateTime"/> or <see cref="DateTimeOffset"/> that is written as a number of time units since 1970 in UTC.
    /// It applies to CSV and JSON, and to keys and headers of messages. Input numbers may have a fraction; output numbers are whole,
    /// rounded toward the past. Default: the member is text, in ISO 8601 or in the given <see cref="Format"/>. Cannot be combined with
    /// <see cref="Format"/>.
    /// </summary>
    public TimeUnit Unit { get; set; }

    /// <summary>
    /// <c>true</c> if the member is not a column and is neither read nor written. If it is a constructor parameter, the constructor gets
    /// the default value of the parameter, or of its type if there is none. Default: <c>false</c>.
    /// </summary>
    public bool Ignore { get; set; }
}

/// <summary>Sets the naming policy for the columns of a row type.</summary>
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
    /// The naming policy for columns, unless the source or sink sets its own. Default: the policy of the pipeline.
    /// </summary>
    public NamingPolicy Naming { get; set; }
}

/// <summary>The rule that derives the name of a column from the name of its member.</summary>
/// <remarks>
/// The policy of the source or sink takes precedence over that of the row type (<see cref="ColumnsAttribute"/>), and that over the
/// pipeline's. A name in <see cref="ColumnAttribute"/> takes precedence over all policies. Policies that split names into words begin a
/// word at an upper-case letter after a lower-case letter or a digit, and at the last of several upper-case letters if a lower-case letter
/// follows: <c>HTTPStatus2Code</c> is <c>HTTP</c>, <c>Status2</c>, <c>Code</c>. Digits belong to the word before them, and underscores
/// are kept.
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
