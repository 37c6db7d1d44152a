using FacialR1.Portal.Features.ResponsibleUse;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace FacialR1.Portal.Features.Compare;

/// <summary>A comparison as a page that needs nothing else and prints well: the components of the page, drawn once without links and scripts.</summary>
public static class ComparisonReport
{
    // The page forbids itself everything but its own styles, wherever it is opened.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'";

    private const string Style =
        """
        :root{color-scheme:light dark;--line:#8886;--supported:#1b6b3a;--contradicted:#b3261e;--lucky:#8a5a00;--open:#4a5869;--paper:#fff;--ink:#1b1f24}
        @media(prefers-color-scheme:dark){:root{--supported:#86d6a0;--contradicted:#ffb4ab;--lucky:#f0c06a;--open:#a9b6c6;--paper:#14181d;--ink:#e8ecf1}}
        body{font:14px/1.5 system-ui,sans-serif;max-width:68rem;margin:2rem auto;padding:0 1rem;background:var(--paper);color:var(--ink)}
        h1{font-size:1.5rem;margin-bottom:.25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem;break-after:avoid}h3{font-size:.95rem;margin:0}p{margin:.25rem 0}
        .quiet{opacity:.8;font-size:.9em}.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .measure-cards{list-style:none;padding:0;margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:.75rem}
        .measure-card{padding:.6rem .8rem;border:1px solid var(--line);border-left:4px solid var(--open);border-radius:6px;break-inside:avoid}
        .measure-card.change-better{border-left-color:var(--supported)}.measure-card.change-worse{border-left:4px double var(--contradicted)}
        .measure-change{font-size:1.3rem;font-variant-numeric:tabular-nums}.measure-change .quiet{font-size:.6em;margin-left:.4rem}
        .difference-bar{max-width:100%}.difference-bar .zero{stroke:var(--line);stroke-width:1.5}.difference-bar .interval{stroke:var(--ink);stroke-width:1.5;fill:none}.difference-bar .value{fill:var(--ink)}
        .outcome-flow{max-width:100%;height:auto}.outcome-flow text{font:12px system-ui,sans-serif;fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:3px}.outcome-flow .stage{font-weight:600}
        .outcome-right{--outcome:var(--supported)}.outcome-lucky{--outcome:var(--lucky)}.outcome-silent{--outcome:var(--open)}.outcome-wrong{--outcome:var(--contradicted)}
        .node{fill:var(--outcome)}.ribbon{fill:var(--outcome);fill-opacity:.45}.ribbon.kept{fill-opacity:.18}
        .flow-key{list-style:none;padding:0;margin:0 0 .5rem;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}.flow-key b{color:var(--outcome)}
        .table-scroll{overflow-x:auto}table{border-collapse:collapse}th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        .figure{text-align:right;font-variant-numeric:tabular-nums}caption{text-align:left}tr{break-inside:avoid}
        .heat td[style]{background:color-mix(in srgb,var(--contradicted) calc(var(--share)*.4),transparent)}.heat td.same{background:color-mix(in srgb,var(--open) calc(var(--share)*.3),transparent)}.heat td.good{background:color-mix(in srgb,var(--supported) calc(var(--share)*.4),transparent)}
        .sample-table{width:100%}.sample-texts td{border-bottom:2px solid var(--line)}.text-pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem}.text-pair strong{display:block}
        .reasoning{white-space:pre-wrap;overflow-wrap:anywhere}del{text-decoration:none;border-bottom:2px dashed var(--contradicted)}ins{text-decoration:none;border-bottom:2px solid var(--supported)}
        @media print{:root{color-scheme:light;--supported:#1b6b3a;--contradicted:#b3261e;--lucky:#8a5a00;--open:#4a5869;--paper:#fff;--ink:#000}body{margin:0;max-width:none;font-size:10pt}*{print-color-adjust:exact}.table-scroll{overflow:visible}a{color:inherit}}
        """;

    /// <summary>The whole page: what the view shows, with the texts of the first samples.</summary>
    /// <param name="view">What is looked at.</param>
    /// <param name="address">Where it was looked at.</param>
    /// <param name="services">For the components.</param>
    public static async Task<string> OfAsync(ComparisonView view, string address, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(view);
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var body = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ReportBody>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(ReportBody.View)] = view, [nameof(ReportBody.Address)] = address, [nameof(ReportBody.Notice)] = RulesOfUse.Notice,
        }))).ToHtmlString());
        var title = System.Net.WebUtility.HtmlEncode($"{string.Join(", ", view.Comparison.Names)}: comparison");
        return $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + $"<title>{title}</title><style>{Style}</style></head><body>\n{body}\n</body></html>\n";
    }
}
