using System.Text;
using Amazon.S3.Model;
using Penstock.Sinks.Files;

namespace Penstock.S3;

/// <summary>
/// The data in a manifest that is needed to complete an upload: lines with its id, its mark, and the ETags of its parts in order.
/// </summary>
internal static class S3PartTicket
{
    public static byte[] Write(S3Upload upload, List<PartETag> parts) =>
        Encoding.UTF8.GetBytes(string.Join(
            '\n',
            [upload.Id, upload.Mark, .. parts.OrderBy(static part => part.PartNumber).Select(static part => part.ETag)]));

    /// <summary>Parses a ticket.</summary>
    /// <exception cref="PipelineException">The part has no valid ticket.</exception>
    public static (S3Upload Upload, List<PartETag> Parts) Read(S3Bucket bucket, PreparedPart part)
    {
        var lines = Encoding.UTF8.GetString(part.Ticket.Span).Split('\n');
        return lines.Length < 3
            ? throw new PipelineException(
                S3ErrorCodes.PartsOfOtherSink,
                $"The checkpoint holds the part '{part.Name}' as a file in a folder, not as an object in the S3 bucket "
                    + $"'{bucket.Location.Bucket}'. Was the path of the sink changed? Change it back, or start over with an empty "
                    + $"checkpoint folder and an empty output.")
            : (
                new S3Upload(bucket, part.Name, lines[1], lines[0]),
                [.. lines.Skip(2).Select((etag, index) => new PartETag(index + 1, etag))]);
    }
}
